import MirrorCore

extension StorageRule {
    static let reopening: [StorageRule] = [
        StorageRule("another driver finds what was stored", needsLastingPlace: true) {
            driver, place in
            let bytes = sampleBytes(100_000)
            try await driver.put([], at: key("a/empty"))
            let upload = try await driver.upload(at: key("fills/one"))
            try await upload.append(bytes)
            try await upload.commit(to: key("a/b/object"))
            let other = try await place.open()
            try await other.requireNames(["b/", "empty"], below: key("a"))
            try await other.requireObject(bytes, at: key("a/b/object"))
            try await other.requireObject([], at: key("a/empty"))
            try await other.requireDeletion(of: key("a"))
            try await driver.requireNothing(at: key("a/b/object"))
        },
        StorageRule("another driver takes up an upload", needsLastingPlace: true) {
            driver, place in
            let bytes = sampleBytes(150_000)
            let first = try await driver.upload(at: key("fills/one"))
            try await first.append(Array(bytes[..<100_001]))
            await first.suspend()
            let other = try await place.open()
            try await other.requireNames([], below: .root)
            let second = try await other.upload(at: key("fills/one"))
            try require(second.size == 100_001, "it must go on at 100001, not \(second.size)")
            try await second.append(Array(bytes[100_001...]))
            try await second.commit(to: key("object"))
            try await driver.requireObject(bytes, at: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("another driver lists what was left unfinished", needsLastingPlace: true) {
            driver, place in
            let open = try await driver.upload(at: key("fills/one"))
            let left = try await driver.upload(at: key("fills/two"))
            try await left.append([1])
            await left.suspend()
            let other = try await place.open()
            try await other.requireUnfinished(["one", "two"], below: key("fills"))
            await open.abandon()
            try await other.requireDeletion(of: key("fills/two"))
            try await driver.requireUnfinished([], below: key("fills"))
        },
        StorageRule("drivers of one place respect each other's uploads", needsLastingPlace: true) {
            driver, place in
            let upload = try await driver.upload(at: key("fill"))
            let other = try await place.open()
            try await require(.conflict, from: "a second upload at one key") {
                _ = try await other.upload(at: key("fill"))
            }
            await upload.abandon()
        },
    ]
}
