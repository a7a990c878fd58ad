import MirrorCore

extension StorageRule {
    static let listingUnfinished: [StorageRule] = [
        StorageRule("an unfinished write is listed until it ends") { driver, _ in
            try await driver.requireUnfinished([], below: .root)
            try await driver.put([1], at: key("fills/object"))
            let first = try await driver.upload(at: key("fills/deep/first"))
            let second = try await driver.upload(at: key("fills/second"))
            try await second.append([2])
            await second.suspend()
            try await driver.requireUnfinished(["fills/"], below: .root)
            try await driver.requireUnfinished(["deep/", "second"], below: key("fills"))
            try await driver.requireUnfinished(["first"], below: key("fills/deep"))
            try await driver.requireUnfinished([], below: key("fills/second"))
            try await driver.requireUnfinished([], below: key("absent"))
            await first.abandon()
            try await driver.requireUnfinished(["second"], below: key("fills"))
            let again = try await driver.upload(at: key("fills/second"))
            try await again.commit(to: key("fills/kept"))
            try await driver.requireUnfinished([], below: .root)
            try await driver.requireDeletion(of: key("fills"))
        },
        StorageRule("what is deleted is no unfinished write any more") { driver, _ in
            let upload = try await driver.upload(at: key("fills/one"))
            await upload.suspend()
            try await driver.requireDeletion(of: key("fills/one"))
            try await driver.requireUnfinished([], below: .root)
        },
        StorageRule("pages of any size make up all unfinished writes") { driver, _ in
            let names = (0..<50).map { "n\($0 * 7919 % 101)" }
            for name in names {
                await (try driver.upload(at: key("fills").child(name))).suspend()
            }
            for limit in [1, 7, 49, 50, 51, .max] {
                var found: [String] = []
                while true {
                    let page = try await driver.listUnfinished(
                        key("fills"), after: found.last, limit: limit)
                    try require(page.count <= limit, "a page of \(limit) has \(page.count) names")
                    if page.isEmpty { break }
                    found += page.map(\.name)
                }
                try require(found == names.sorted(), "pages of \(limit) must give every name once")
            }
            try await driver.requireDeletion(of: key("fills"))
        },
    ]
}

extension StorageDriver {
    /// Fails unless exactly these names of unfinished writes are listed below `key`; folders end
    /// with a slash.
    func requireUnfinished(_ names: [String], below key: StorageKey) async throws {
        let found = try await listUnfinished(key, after: nil, limit: 1000)
            .map { $0.isFolder ? "\($0.name)/" : $0.name }
        try require(found == names, "\(key) must list \(names) as unfinished, not \(found)")
    }
}
