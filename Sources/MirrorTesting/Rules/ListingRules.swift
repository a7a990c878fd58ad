import MirrorCore

extension StorageRule {
    static let listing: [StorageRule] = [
        StorageRule("a key that holds nothing lists nothing") { driver, _ in
            try await driver.put([1], at: key("object"))
            try await driver.requireNames([], below: key("absent"))
            try await driver.requireNames([], below: key("absent/further"))
            try await driver.requireNames([], below: key("object"))
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("objects and folders are listed in the order of their bytes") { driver, _ in
            for path in ["b", "a.b", "a/x", "a-b", "A", "_", "0", "a0/x/y", "10", "9", "ab"] {
                try await driver.put([1], at: key(path))
            }
            let names = ["0", "10", "9", "A", "_", "a/", "a-b", "a.b", "a0/", "ab", "b"]
            try await driver.requireNames(names, below: .root)
            try await driver.requireNames(["x"], below: key("a"))
            try await driver.requireNames(["x/"], below: key("a0"))
            try await driver.requireDeletion(of: .root)
        },
        StorageRule("pages of any size make up the whole list") { driver, _ in
            let names = (0..<300).map { "n\($0 * 7919 % 1009)" }
            for name in names { try await driver.put([], at: key("folder").child(name)) }
            for limit in [1, 7, 299, 300, 301, .max] {
                let found = try await driver.pages(of: key("folder"), limit: limit)
                try require(found == names.sorted(), "pages of \(limit) must give every name once")
            }
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("a page begins after a name, whether or not it is there") { driver, _ in
            for name in ["b", "d", "f"] { try await driver.put([1], at: key("folder/\(name)")) }
            let cases = [
                ("", ["b", "d"]), ("a", ["b", "d"]), ("b", ["d", "f"]), ("c", ["d", "f"]),
                ("e", ["f"]), ("f", []), ("z", []),
            ]
            for (after, names) in cases {
                let page = try await driver.list(key("folder"), after: after, limit: 2)
                try require(page.map(\.name) == names, "after \(after) must come \(names)")
            }
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("a folder is gone with its last object") { driver, _ in
            try await driver.put([1], at: key("a/b/c/one"))
            try await driver.put([1], at: key("a/two"))
            try await driver.requireDeletion(of: key("a/b/c/one"))
            try await driver.requireNames(["two"], below: key("a"))
            try await driver.put([2], at: key("a/b"))
            try await driver.requireObject([2], at: key("a/b"))
            try await driver.requireDeletion(of: key("a/b"))
            try await driver.requireDeletion(of: key("a/two"))
        },
    ]
}

extension StorageDriver {
    /// All names below `key`, asked for page by page.
    fileprivate func pages(of key: StorageKey, limit: Int) async throws -> [String] {
        var names: [String] = []
        while true {
            let page = try await list(key, after: names.last, limit: limit)
            try require(page.count <= limit, "a page of \(limit) has \(page.count) names")
            if page.isEmpty { return names }
            names += page.map(\.name)
        }
    }
}
