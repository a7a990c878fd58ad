extension ContentStore {
    /// Digests of all blobs and manifests that are held, in their order, after `last`, at most
    /// `limit` of them; fewer only when there are no more. Only the folders on the way to the
    /// page are read.
    func heldDigests(after last: Digest?, limit: Int) async throws(StorageError) -> [Digest] {
        var found: [Digest] = []
        let algorithms = Digest.Algorithm.allCases.drop { last != nil && $0 != last?.algorithm }
        for algorithm in algorithms {
            let start = last?.algorithm == algorithm ? last?.hex : nil
            let folder = RegistryLayout.contents(algorithm)
            for entry in try await driver.list(folder, after: nil, limit: .max) {
                if entry.name.utf8.count != 2 { continue }
                if let start, entry.name < start.prefix(2) { continue }
                try await collect(
                    algorithm, below: folder.child(entry.name), after: start, limit: limit,
                    into: &found)
                if found.count >= limit { return found }
            }
        }
        return found
    }

    private func collect(
        _ algorithm: Digest.Algorithm, below key: StorageKey, after start: String?, limit: Int,
        into found: inout [Digest]
    ) async throws(StorageError) {
        var cursor = start
        while found.count < limit {
            let page = try await driver.list(key, after: cursor, limit: limit - found.count)
            if page.isEmpty { return }
            // Not every name that another program leaves there is a digest in its place.
            found += page.filter { $0.name.hasPrefix(key.name) }
                .compactMap { Digest("\(algorithm.rawValue):\($0.name)") }
            cursor = page.last?.name
        }
    }
}
