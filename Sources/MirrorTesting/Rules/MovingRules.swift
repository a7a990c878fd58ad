import MirrorCore

extension StorageRule {
    static let moving: [StorageRule] = objectMoving + folderMoving

    private static let objectMoving: [StorageRule] = [
        StorageRule("an object moves to a new key") { driver, _ in
            try await driver.put([1], at: key("a/b/object"))
            try await require(driver.move(key("a/b/object"), to: key("c/d")), "it was there")
            try await driver.requireObject([1], at: key("c/d"))
            try await driver.requireNames(["c/"], below: .root)
            try await driver.requireDeletion(of: key("c"))
        },
        StorageRule("nothing moves from a key that holds nothing") { driver, _ in
            try await driver.put([1], at: key("object"))
            for source in ["absent", "absent/further", "object/below"] {
                let isMoved = try await driver.move(key(source), to: key("destination/object"))
                try require(!isMoved, "there is nothing at \(source)")
            }
            try await driver.requireNames(["object"], below: .root)
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("a move replaces an object, undisturbed for its readers") { driver, _ in
            try await driver.put([1], at: key("new"))
            try await driver.put([2, 2], at: key("old"))
            let object = try await require(driver.open(key("old")), "it must open")
            try await require(driver.move(key("new"), to: key("old")), "it was there")
            try await driver.requireObject([1], at: key("old"))
            let bytes = try await object.bytes()
            try require(bytes == [2, 2], "the open object must keep its bytes")
            try await driver.requireNames(["old"], below: .root)
            try await driver.requireDeletion(of: key("old"))
        },
        StorageRule("a moved object stays open") { driver, _ in
            let bytes = sampleBytes(100_000)
            try await driver.put(bytes, at: key("before"))
            let object = try await require(driver.open(key("before")), "it must open")
            try await require(driver.move(key("before"), to: key("after")), "it was there")
            let read = try await object.bytes()
            try require(read == bytes, "the open object must keep its bytes")
            try await driver.requireDeletion(of: key("after"))
        },
        StorageRule("a move to its own key changes nothing") { driver, _ in
            try await driver.put([1], at: key("folder/object"))
            for path in ["folder", "folder/object"] {
                try await require(driver.move(key(path), to: key(path)), "it was there")
            }
            try await driver.requireObject([1], at: key("folder/object"))
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("a move below an object is a conflict") { driver, _ in
            try await driver.put([1], at: key("one"))
            try await driver.put([2], at: key("two"))
            try await require(.conflict, from: "a move below an object") {
                try await driver.move(key("one"), to: key("two/below"))
            }
            try await driver.requireObject([1], at: key("one"))
            try await driver.requireObject([2], at: key("two"))
            try await driver.requireDeletion(of: .root)
        },
    ]

    private static let folderMoving: [StorageRule] = [
        StorageRule("a folder moves with all below it") { driver, _ in
            for path in ["one", "two", "deep/three"] {
                try await driver.put(Array(path.utf8), at: key("from/\(path)"))
            }
            try await require(driver.move(key("from"), to: key("to/here")), "it was there")
            for path in ["one", "two", "deep/three"] {
                try await driver.requireObject(Array(path.utf8), at: key("to/here/\(path)"))
            }
            try await driver.requireNames(["to/"], below: .root)
            try await driver.requireDeletion(of: key("to"))
        },
        StorageRule("folders and objects replace each other when they move") { driver, _ in
            let (object, folder) = (["": UInt8(1)], ["/x": UInt8(2), "/y/z": UInt8(3)])
            for (source, replaced) in [(object, folder), (folder, object), (folder, folder)] {
                for (path, byte) in source { try await driver.put([byte], at: key("from\(path)")) }
                for path in replaced.keys { try await driver.put([9], at: key("to\(path)")) }
                if replaced.count > 1 { try await driver.put([9], at: key("to/old")) }
                try await require(driver.move(key("from"), to: key("to")), "it was there")
                for (path, byte) in source {
                    try await driver.requireObject([byte], at: key("to\(path)"))
                }
                try await driver.requireNothing(at: key("to/old"))
                try await driver.requireDeletion(of: key("to"))
                try await driver.requireNames([], below: .root)
            }
        },
        StorageRule("a move above or below itself is a conflict and loses nothing") { driver, _ in
            try await driver.put([1], at: key("a/b/object"))
            try await driver.put([2], at: key("a/other"))
            let pairs = [("a", "a/b/c"), ("a/b", "a"), ("a/b/object", "a"), ("a/b/object", "")]
            for (source, destination) in pairs {
                try await require(.conflict, from: "a move of \(source) to \(destination)") {
                    try await driver.move(key(source), to: key(destination))
                }
            }
            try await driver.requireObject([1], at: key("a/b/object"))
            try await driver.requireObject([2], at: key("a/other"))
            try await driver.requireDeletion(of: key("a"))
        },
        StorageRule("unfinished writes stay where they are when a folder moves") { driver, _ in
            try await driver.put([1], at: key("from/object"))
            let upload = try await driver.upload(at: key("from/fill"))
            try await upload.append([2])
            try await require(driver.move(key("from"), to: key("to")), "it was there")
            try await upload.commit(to: key("from/object"))
            try await driver.requireObject([2], at: key("from/object"))
            try await driver.requireObject([1], at: key("to/object"))
            try await driver.requireDeletion(of: .root)
        },
    ]
}
