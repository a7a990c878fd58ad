import MirrorCore

extension StorageRule {
    static let racing: [StorageRule] = [
        StorageRule("writes to one key at the same time do not mix") { driver, _ in
            let versions = (0..<24).map { sampleBytes(20_000 + $0, seed: $0) }
            try await driver.put(versions[0], at: key("folder/object"))
            try await withThrowingTaskGroup { group in
                for version in versions {
                    group.addTask {
                        try await driver.put(version, at: key("folder/object"))
                        let seen = try await driver.bytes(at: key("folder/object"))
                        try require(versions.contains(seen), "a reader saw a mixture")
                    }
                }
                try await group.waitForAll()
            }
            try await driver.requireNames(["object"], below: key("folder"))
            try await driver.requireDeletion(of: key("folder"))
        },
        StorageRule("commits to one key at the same time do not mix") { driver, _ in
            let versions = (0..<16).map { sampleBytes(20_000 + $0, seed: $0) }
            try await withThrowingTaskGroup { group in
                for (number, version) in versions.enumerated() {
                    group.addTask {
                        let upload = try await driver.upload(at: key("fills/\(number)"))
                        try await upload.append(version)
                        try await upload.commit(to: key("object"))
                        let seen = try await driver.bytes(at: key("object"))
                        try require(versions.contains(seen), "a reader saw a mixture")
                    }
                }
                try await group.waitForAll()
            }
            try await driver.requireNames(["object"], below: .root)
            try await driver.requireDeletion(of: key("object"))
        },
        StorageRule("writers are not lost where others delete") { driver, _ in
            try await withThrowingTaskGroup { group in
                for number in 0..<16 {
                    group.addTask {
                        for round in 0..<8 {
                            let place = key("a/b/\(round % 2)/\(number)")
                            try await driver.put([UInt8(number)], at: place)
                            try await driver.requireObject([UInt8(number)], at: place)
                            try await driver.requireDeletion(of: place)
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
        StorageRule("of many who move or delete one object, one does") { driver, _ in
            for _ in 0..<8 {
                try await driver.put([1], at: key("from/object"))
                let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<12 {
                        group.addTask {
                            number % 2 == 0
                                ? try await driver.delete(key("from/object"))
                                : try await driver.move(key("from/object"), to: key("to/object"))
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                try require(winners == 1, "\(winners) of them said that they did")
                try await driver.delete(key("to"))
            }
        },
    ]
}
