import MirrorCore

extension StorageRule {
    static let reading: [StorageRule] = [
        StorageRule("a key that was never written reads as nil") { driver, _ in
            try await driver.requireNothing(at: key("absent"))
            try await driver.requireNothing(at: key("absent/further/down"))
        },
        StorageRule("nothing is found below an object, nor in the place of a folder") { driver, _ in
            try await driver.put([1], at: key("folder/object"))
            try await driver.requireNothing(at: key("folder"))
            try await driver.requireNothing(at: key("folder/object/below"))
            try await driver.requireNothing(at: .root)
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("an object reads back byte for byte") { driver, _ in
            for size in [1, 2, 4095, 100_000] {
                let bytes = sampleBytes(size, seed: size)
                try await driver.put(bytes, at: key("a/b/object"))
                try await driver.requireObject(bytes, at: key("a/b/object"))
            }
            try await driver.requireDeletion(of: key("a/b/object"))
        },
        StorageRule("an object may be empty") { driver, _ in
            try await driver.put([], at: key("empty"))
            try await driver.requireObject([], at: key("empty"))
            let object = try await require(driver.open(key("empty")), "it must open")
            let bytes = try await object.read(at: 0, limit: 1)
            try require(bytes.isEmpty, "an empty object has no bytes to read")
            try await driver.requireDeletion(of: key("empty"))
        },
        StorageRule("a read begins at any offset, around the edges of 64 KiB too") { driver, _ in
            let edge = 1 << 16
            let bytes = sampleBytes(3 * edge + 1)
            try await driver.put(bytes, at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            for offset in [0, 1, edge - 1, edge, edge + 1, 3 * edge - 1, 3 * edge] {
                for limit in [1, edge - 1, edge, edge + 1] {
                    let piece = try await object.read(at: Int64(offset), limit: limit)
                    let due = bytes[offset...].prefix(piece.count)
                    try require(
                        !piece.isEmpty && piece.count <= limit && piece.elementsEqual(due),
                        "\(limit) bytes from \(offset) on must be those of the object")
                    let once = try await object.readOnce(at: Int64(offset), limit: limit)
                    try require(
                        !once.isEmpty && once.count <= limit
                            && once.elementsEqual(bytes[offset...].prefix(once.count)),
                        "\(limit) bytes from \(offset) on must be the same when read once")
                }
            }
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a read at the end or past it is empty") { driver, _ in
            try await driver.put([1, 2, 3], at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            for offset: Int64 in [3, 4, 1 << 40] {
                let bytes = try await object.read(at: offset, limit: 10)
                try require(bytes.isEmpty, "there is nothing at \(offset)")
            }
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a region of a file has the bytes that a read gives") { driver, _ in
            let bytes = sampleBytes(200_000)
            try await driver.put(bytes, at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            for range: Range<Int64> in [0..<0, 0..<1, 65_535..<65_537, 0..<200_000] {
                guard let region = object.region(range) else { continue }
                try require(region.range == range, "the region must be the one asked for")
                try requireContent(
                    of: region, Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
            }
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("an object keeps its version, if it has one, until it is replaced") {
            driver, _ in
            try await driver.put([1], at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            let again = try await require(driver.open(key("object")), "it must open again")
            try require(object.version == again.version, "one object has one version")
            try await driver.put([1], at: key("object"))
            let next = try await require(driver.open(key("object")), "it must open once more")
            try require(
                object.version == nil || object.version != next.version,
                "what has replaced it must have another version")
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("an object can be read by 64 readers at once") { driver, _ in
            let bytes = sampleBytes(300_000)
            try await driver.put(bytes, at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            try await withThrowingTaskGroup { group in
                for reader in 0..<64 {
                    group.addTask {
                        let offset = reader * 1000
                        let read = try await object.bytes(
                            from: Int64(offset), limit: 10_000 + reader)
                        try require(
                            read.elementsEqual(bytes[offset...]), "reader \(reader) was misled")
                    }
                }
                try await group.waitForAll()
            }
            try await driver.requireDeletion(of: key("object"))
        },
    ]
}
