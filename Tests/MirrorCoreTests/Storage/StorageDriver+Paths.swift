import MirrorCore

extension StorageDriver {
    /// The paths of all objects at or below a key, each folder's in the order of its names.
    func paths(below key: StorageKey = .root) async throws -> [String] {
        var paths: [String] = []
        for entry in try await list(key, after: nil, limit: .max) {
            let child = key.child(entry.name)
            paths += entry.isFolder ? try await self.paths(below: child) : [child.path]
        }
        return paths
    }
}
