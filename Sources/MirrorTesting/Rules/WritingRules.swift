import MirrorCore

extension StorageRule {
    static let writing: [StorageRule] = [
        StorageRule("a write replaces what is there") { driver, _ in
            for size in [10, 1000, 0, 5] {
                let bytes = sampleBytes(size, seed: size)
                try await driver.put(bytes, at: key("object"))
                try await driver.requireObject(bytes, at: key("object"))
            }
            try await driver.requireNames(["object"], below: .root)
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("those who have a replaced object open keep its bytes") { driver, _ in
            let old = sampleBytes(150_000, seed: 1)
            try await driver.put(old, at: key("object"))
            let object = try await require(driver.open(key("object")), "it must open")
            try await driver.put(sampleBytes(10, seed: 2), at: key("object"))
            let read = try await object.bytes()
            try require(read == old, "the open object must keep its bytes")
            if let region = object.region(0..<object.size) { try requireContent(of: region, old) }
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a component has every legal character and 255 bytes") { driver, _ in
            let legal = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
            let names = [
                legal, String(repeating: "n", count: 255), "...", ".hidden", "-", "_", "a..b",
            ]
            for name in names {
                let place = key(name).child(name)
                try await driver.put(Array(name.utf8), at: place)
                try await driver.requireObject(Array(name.utf8), at: place)
            }
            try await driver.requireNames(names.sorted().map { "\($0)/" }, below: .root)
            for name in names { try await driver.requireDeletion(of: key(name)) }
        },
        StorageRule("names that differ in case alone are two") { driver, _ in
            try await driver.put([1], at: key("name"))
            try await driver.put([2], at: key("NAME"))
            try await driver.requireObject([1], at: key("name"))
            try await driver.requireObject([2], at: key("NAME"))
            try await driver.requireDeletion(of: key("name"))
            try await driver.requireDeletion(of: key("NAME"))
        },
        StorageRule("an object cannot stand in the place of a folder") { driver, _ in
            try await driver.put([1], at: key("folder/object"))
            try await require(.conflict, from: "a write over a folder") {
                try await driver.put([2], at: key("folder"))
            }
            try await require(.conflict, from: "a write to the root") {
                try await driver.put([2], at: .root)
            }
            try await driver.requireObject([1], at: key("folder/object"))
            try await driver.requireNames(["object"], below: key("folder"))
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("nothing can be written below an object") { driver, _ in
            try await driver.put([1], at: key("object"))
            try await require(.conflict, from: "a write below an object") {
                try await driver.put([2], at: key("object/below"))
            }
            try await require(.conflict, from: "a write far below an object") {
                try await driver.put([2], at: key("object/far/below"))
            }
            try await driver.requireObject([1], at: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
    ]
}
