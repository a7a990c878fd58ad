import MirrorCore

extension StorageRule {
    static let deleting: [StorageRule] = [
        StorageRule("a deleted object is gone, and gone only once") { driver, _ in
            try await driver.put([1], at: key("a/object"))
            try await driver.requireDeletion(of: key("a/object"))
            try await driver.requireNothing(at: key("a/object"))
            for path in ["a/object", "a", "absent/further"] {
                let wasThere = try await driver.delete(key(path))
                try require(!wasThere, "there is nothing at \(path) to delete")
            }
        },
        StorageRule("nothing is deleted below an object") { driver, _ in
            try await driver.put([1], at: key("object"))
            let wasThere = try await driver.delete(key("object/below"))
            try require(!wasThere, "there is nothing below an object")
            try await driver.requireObject([1], at: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("those who have a deleted object open keep its bytes") { driver, _ in
            let bytes = sampleBytes(150_000)
            try await driver.put(bytes, at: key("folder/object"))
            let object = try await require(driver.open(key("folder/object")), "it must open")
            try await driver.requireDeletion(of: key("folder"))
            let read = try await object.bytes()
            try require(read == bytes, "the open object must keep its bytes")
            if let region = object.region(0..<object.size) {
                try requireContent(of: region, bytes)
            }
        },
        StorageRule("a folder is deleted with all below it, and nothing beside it") { driver, _ in
            for path in ["a/one", "a/b/two", "a/b/c/d/three", "ab", "a-b/four"] {
                try await driver.put([1], at: key(path))
            }
            try await driver.requireDeletion(of: key("a"))
            try await driver.requireNames(["a-b/", "ab"], below: .root)
            try await driver.requireNothing(at: key("a/b/c/d/three"))
            try await driver.requireDeletion(of: key("ab"))
            try await driver.requireDeletion(of: key("a-b"))
        },
        StorageRule("unfinished writes are deleted with their folder") { driver, _ in
            let first = try await driver.upload(at: key("fills/one"))
            try await first.append([1])
            await first.suspend()
            try await driver.requireDeletion(of: key("fills"))
            let second = try await driver.upload(at: key("fills/one"))
            try require(second.size == 0, "nothing must be left to take up")
            await second.abandon()
        },
        StorageRule("what is not in use is deleted as unused") { driver, _ in
            try await driver.put([1], at: key("folder/object"))
            let isDeleted = try await driver.deleteUnused(key("folder/object"))
            try require(isDeleted, "nobody uses the object")
            try await driver.requireNothing(at: key("folder/object"))
            let isGone = try await driver.deleteUnused(key("absent"))
            try require(isGone, "nobody uses what is not there")
        },
        StorageRule("what a driver says is in use is not deleted as unused") { driver, place in
            let bytes = sampleBytes(10_000)
            try await driver.put(bytes, at: key("object"))
            let other = try await place.open()
            try await requireUse(of: key("object"), in: driver, seenBy: driver)
            if place.isLasting {
                try await requireUse(of: key("object"), in: driver, seenBy: other)
            }
            let isInUse = try await driver.isInUse(key("object"))
            try require(!isInUse, "who had it open has let go of it")
            let isDeleted = try await driver.deleteUnused(key("object"))
            try require(isDeleted, "who had it open has let go of it")
        },
        StorageRule("the root can be emptied and used again") { driver, _ in
            try await driver.put([1], at: key("a/b"))
            try await driver.put([1], at: key("c"))
            try await driver.requireDeletion(of: .root)
            try await driver.requireNames([], below: .root)
            let wasThere = try await driver.delete(.root)
            try require(!wasThere, "there is nothing left to delete")
            try await driver.put([2], at: key("a/b"))
            try await driver.requireObject([2], at: key("a/b"))
            try await driver.requireDeletion(of: .root)
        },
    ]
}

/// Opens an object; while it is open, a driver that says that it is in use must not delete it as
/// unused.
private func requireUse(
    of key: StorageKey, in driver: any StorageDriver, seenBy other: any StorageDriver
) async throws {
    let object = try await require(driver.open(key), "it must open")
    if try await other.isInUse(key) {
        let isDeleted = try await other.deleteUnused(key)
        try require(!isDeleted, "what is in use must stay")
        _ = try await require(other.open(key), "what is in use must stay")
    }
    withExtendedLifetime(object) {}
}
