extension ContentStore {
    /// What a repository must have to be listed.
    enum Holding {
        /// A manifest: a client can pull from it.
        case manifests
        /// Anything at all, blobs without a manifest too.
        case anything
    }

    /// Names of repositories that have something, after `last`, at most `limit` of them.
    ///
    /// The order is that of the reference: by component, so that `a/b` comes before `a-b`. Only
    /// the folders on the way to the page are read.
    func repositories(
        after last: RepositoryName?, limit: Int, holding: Holding = .manifests
    ) async throws(StorageError) -> [RepositoryName] {
        var found: [RepositoryName] = []
        try await collect(
            below: RegistryLayout.repositories, name: "", after: last?.components ?? [],
            limit: limit, holding: holding, into: &found)
        return found
    }

    private func collect(
        below key: StorageKey, name: String, after: [Substring], limit: Int,
        holding: Holding, into found: inout [RepositoryName]
    ) async throws(StorageError) {
        if let first = after.first {
            // What lies below the last name of the page before comes next, then its siblings.
            try await collect(
                below: key.child(first), name: joined(name, first),
                after: Array(after.dropFirst()), limit: limit, holding: holding, into: &found)
        }
        var cursor = after.first.map(String.init)
        while found.count < limit {
            let page = try await driver.list(key, after: cursor, limit: 256)
            if page.isEmpty { return }
            for entry in page where entry.isFolder && !entry.name.hasPrefix("_") {
                let path = joined(name, entry.name)
                let child = key.child(entry.name)
                if found.count < limit, let repository = RepositoryName(path),
                    try await has(holding, child)
                {
                    found.append(repository)
                }
                if found.count >= limit { return }
                try await collect(
                    below: child, name: path, after: [], limit: limit, holding: holding,
                    into: &found)
            }
            cursor = page.last?.name
        }
    }

    private func has(
        _ holding: Holding, _ key: StorageKey
    ) async throws(StorageError) -> Bool {
        if try await isFirst("_manifests", after: "_manifest", key) { return true }
        guard holding == .anything else { return false }
        return try await isFirst("_layers", after: "_layer", key)
    }

    private func isFirst(
        _ name: String, after other: String, _ key: StorageKey
    ) async throws(StorageError) -> Bool {
        try await driver.list(key, after: other, limit: 1).first?.name == name
    }

    private func joined(_ name: String, _ component: some StringProtocol) -> String {
        name.isEmpty ? String(component) : "\(name)/\(component)"
    }

    /// Digests of what a repository has, page by page in the order of their bytes.
    func digests(
        of kind: CachedItem.Kind, in name: RepositoryName, _ algorithm: Digest.Algorithm,
        after last: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        let key =
            switch kind {
            case .blob: RegistryLayout.layers(in: name, algorithm)
            case .manifest: RegistryLayout.revisions(in: name, algorithm)
            }
        return try await driver.list(key, after: last, limit: limit)
    }
}
