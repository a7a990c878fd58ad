import MirrorCore

extension StorageRule {
    static let uploading: [StorageRule] = growing + ending

    private static let growing: [StorageRule] = [
        StorageRule("an upload is invisible until it is committed") { driver, _ in
            let upload = try await driver.upload(at: key("fills/one"))
            try await upload.append(sampleBytes(1000))
            try await driver.requireNothing(at: key("fills/one"))
            try await driver.requireNothing(at: key("blobs/one"))
            try await driver.requireNames([], below: .root)
            try await driver.requireNames([], below: key("fills"))
            try await upload.commit(to: key("blobs/one"))
            try await driver.requireObject(sampleBytes(1000), at: key("blobs/one"))
            try await driver.requireNames(["blobs/"], below: .root)
            try await driver.requireDeletion(of: key("blobs"))
        },
        StorageRule("an upload can be read while it grows") { driver, _ in
            let bytes = sampleBytes(200_001)
            let upload = try await driver.upload(at: key("fill"))
            try require(upload.size == 0, "an upload begins with nothing")
            for end in [1, 65_536, 65_537, 200_001] {
                try await upload.append(Array(bytes[Int(upload.size)..<end]))
                try require(upload.size == end, "an append of all bytes must grow the size")
                let read = try await upload.bytes()
                try require(read.elementsEqual(bytes[..<end]), "what was appended must be read")
                let past = try await upload.read(at: Int64(end), limit: 1)
                try require(past.isEmpty, "nothing can be read past the size")
                if let region = upload.region(0..<Int64(end)) {
                    try requireContent(of: region, Array(bytes[..<end]))
                }
            }
            await upload.abandon()
        },
        StorageRule("who follows an upload sees only what was appended") { driver, _ in
            let bytes = sampleBytes(512 << 10)
            let upload = try await driver.upload(at: key("fill"))
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        var offset = 0
                        while offset < bytes.count {
                            while upload.size == offset { await Task.yield() }
                            let piece = try await upload.read(at: Int64(offset), limit: 30_000)
                            try require(
                                piece.elementsEqual(bytes[offset...].prefix(piece.count)),
                                "a follower was misled at \(offset)")
                            try require(!piece.isEmpty, "the size went ahead of the bytes")
                            offset += piece.count
                        }
                    }
                }
                for start in stride(from: 0, to: bytes.count, by: 1 << 10) {
                    try await upload.append(Array(bytes[start..<start + 1 << 10]))
                }
                try await group.waitForAll()
            }
            await upload.abandon()
        },
        StorageRule("an upload may be written in any order") { driver, _ in
            let bytes = sampleBytes(300_000)
            let upload = try await driver.upload(at: key("fill"))
            for part in [200_000..<300_000, 0..<100_000, 100_000..<200_000] {
                try await upload.write(Array(bytes[part]), at: Int64(part.lowerBound))
                try require(upload.size == 300_000, "the size is where the last byte lies")
                let read = try await upload.read(at: Int64(part.lowerBound), limit: 1000)
                try require(
                    !read.isEmpty && read.elementsEqual(bytes[part].prefix(read.count)),
                    "what was written at \(part.lowerBound) must be read there")
            }
            try await upload.commit(to: key("object"))
            try await driver.requireObject(bytes, at: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("an unfinished write can be read by whoever does not write it") { driver, _ in
            let nothing = try await driver.unfinished(at: key("fill"))
            try require(nothing == nil, "there is nothing to read yet")
            let upload = try await driver.upload(at: key("fill"))
            try await upload.append([1, 2, 3])
            let other = try await require(driver.unfinished(at: key("fill")), "it must open")
            try require(other.size == 3, "all that was written is there")
            try await upload.append([4])
            try require(other.size == 4, "it grows")
            try await upload.commit(to: key("object"))
            let bytes = try await other.bytes()
            try require(bytes == [1, 2, 3, 4], "it stays readable")
            let ended = try await driver.unfinished(at: key("fill"))
            try require(ended == nil, "what has ended is not unfinished")
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a suspended upload is taken up with what was appended") { driver, _ in
            let bytes = sampleBytes(100_000)
            let first = try await driver.upload(at: key("fill"))
            try await first.append(Array(bytes[..<70_000]))
            await first.suspend()
            let second = try await driver.upload(at: key("fill"))
            try require(second.size == 70_000, "it must go on at 70000, not \(second.size)")
            try await second.append(Array(bytes[70_000...]))
            try await second.commit(to: key("object"))
            try await driver.requireObject(bytes, at: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("an upload that is merely dropped is as if suspended") { driver, _ in
            func dropOne() async throws {
                try await driver.upload(at: key("fill")).append([1, 2, 3])
            }
            try await dropOne()
            let upload = try await driver.upload(at: key("fill"))
            let bytes = try await upload.bytes()
            try require(bytes == [1, 2, 3], "it must go on after [1, 2, 3], not \(bytes)")
            await upload.abandon()
        },
        StorageRule("at most one upload is open for a key") { driver, _ in
            let first = try await driver.upload(at: key("fill"))
            try await require(.conflict, from: "a second upload at one key") {
                _ = try await driver.upload(at: key("fill"))
            }
            let other = try await driver.upload(at: key("other"))
            await first.abandon()
            await other.abandon()
            let next = try await driver.upload(at: key("fill"))
            await next.abandon()
        },
        StorageRule("an upload's key has components of 255 bytes") { driver, _ in
            let long = String(repeating: "u", count: 255)
            let upload = try await driver.upload(at: key(long).child(long))
            try await upload.append([1])
            try await upload.commit(to: key(long).child(long))
            try await driver.requireObject([1], at: key(long).child(long))
            try await driver.requireDeletion(of: key(long))
        },
    ]

    private static let ending: [StorageRule] = [
        StorageRule("an abandoned upload leaves nothing") { driver, _ in
            let upload = try await driver.upload(at: key("fills/one"))
            try await upload.append([1, 2, 3])
            await upload.abandon()
            try await driver.requireNames([], below: .root)
            let next = try await driver.upload(at: key("fills/one"))
            try require(next.size == 0, "nothing must be left to take up")
            await next.abandon()
        },
        StorageRule("an upload may be committed empty") { driver, _ in
            let upload = try await driver.upload(at: key("fill"))
            try await upload.append([])
            try await upload.commit(to: key("object"))
            try await driver.requireObject([], at: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a commit replaces what is there, undisturbed for its readers") { driver, _ in
            let old = sampleBytes(100_000, seed: 1)
            try await driver.put(old, at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            let upload = try await driver.upload(at: key("object"))
            try await upload.append(sampleBytes(5, seed: 2))
            try await driver.requireObject(old, at: key("object"))
            try await upload.commit(to: key("object"))
            try await driver.requireObject(sampleBytes(5, seed: 2), at: key("object"))
            let read = try await object.bytes()
            try require(read == old, "the open object must keep its bytes")
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("an upload stays readable after its commit, and its key is free") { driver, _ in
            let upload = try await driver.upload(at: key("fill"))
            try await upload.append([1, 2, 3])
            try await upload.commit(to: key("object"))
            let next = try await driver.upload(at: key("fill"))
            try require(next.size == 0, "the upload has ended; the next begins with nothing")
            try await next.append([9])
            let bytes = try await upload.bytes()
            try require(bytes == [1, 2, 3], "a follower must be able to read to the end")
            try await driver.requireObject([1, 2, 3], at: key("object"))
            await next.abandon()
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a commit that fails has not ended the upload") { driver, _ in
            try await driver.put([0], at: key("object"))
            let upload = try await driver.upload(at: key("fill"))
            try await upload.append([1])
            try await require(.conflict, from: "a commit below an object") {
                try await upload.commit(to: key("object/below"))
            }
            try await upload.append([2])
            try await upload.commit(to: key("folder/object"))
            try await driver.requireObject([1, 2], at: key("folder/object"))
            try await driver.requireObject([0], at: key("object"))
            try await driver.requireDeletion(of: key("object"))
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("a commit over a folder is a conflict") { driver, _ in
            try await driver.put([0], at: key("folder/object"))
            let upload = try await driver.upload(at: key("fill"))
            try await require(.conflict, from: "a commit over a folder") {
                try await upload.commit(to: key("folder"))
            }
            await upload.abandon()
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("an open upload that is deleted cannot be committed") { driver, _ in
            let upload = try await driver.upload(at: key("fills/one"))
            try await upload.append([1])
            try await driver.requireDeletion(of: key("fills"))
            try await require(.failed, from: "a commit of what was deleted") {
                try await upload.commit(to: key("folder/object"))
            }
            await upload.abandon()
            let next = try await driver.upload(at: key("fills/one"))
            try require(next.size == 0, "nothing must be left to take up")
            await next.abandon()
        },
    ]
}
