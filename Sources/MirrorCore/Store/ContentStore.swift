/// What a mirror holds, on the reference registry's layout, over any storage driver.
///
/// A file that is empty or makes no sense, as a killed process may leave it, counts as missing:
/// it is fetched again and so healed.
public struct ContentStore: Sendable {
    let driver: any StorageDriver
    let room: RoomMaker
    /// What is not there any more. Whoever removes content by another way says so here.
    let losses = Losses()

    /// Keeps content with `driver`.
    public init(_ driver: any StorageDriver) {
        self.init(driver, room: .none)
    }

    init(_ driver: any StorageDriver, room: RoomMaker) {
        self.driver = driver
        self.room = room
    }

    // MARK: Blobs

    /// The bytes of a blob, whichever repository has it.
    func blob(_ digest: Digest) async throws(StorageError) -> (any StoredObject)? {
        guard let object = try await object(digest) else { return nil }
        return object.size > 0 || digest.isOfNothing ? object : nil
    }

    /// What lies where the bytes of a blob or manifest should, whatever it is.
    func object(_ digest: Digest) async throws(StorageError) -> (any StoredObject)? {
        try await driver.open(RegistryLayout.data(digest))
    }

    /// Whether a repository has a blob. Its bytes are looked for apart.
    func isLinked(blob digest: Digest, in name: RepositoryName) async throws(StorageError) -> Bool {
        try await link(at: RegistryLayout.layerLink(digest, in: name)) == digest
    }

    func link(blob digest: Digest, in name: RepositoryName) async throws(StorageError) {
        try await write(digest, at: RegistryLayout.layerLink(digest, in: name))
    }

    func unlink(blob digest: Digest, in name: RepositoryName) async throws(StorageError) {
        defer { losses.add(digest) }
        try await driver.delete(RegistryLayout.layerLink(digest, in: name).parent)
    }

    /// Whether a repository has an item. Its bytes are looked for apart.
    func has(_ item: CachedItem) async throws(StorageError) -> Bool {
        switch item.kind {
        case .blob: try await isLinked(blob: item.digest, in: item.repository)
        case .manifest:
            try await link(at: RegistryLayout.revisionLink(item.digest, in: item.repository))
                == item.digest
        }
    }

    /// Removes the bytes of a blob or manifest that no repository has any more. Who reads them
    /// reads them to their end.
    func removeData(_ digest: Digest) async throws(StorageError) {
        defer { losses.add(digest) }
        try await driver.delete(RegistryLayout.folder(of: digest))
        try await driver.delete(RegistryLayout.mediaType(digest))
    }

    /// Whether somebody is reading the bytes of a blob or manifest, in whatever process.
    func isInUse(_ digest: Digest) async throws(StorageError) -> Bool {
        try await driver.isInUse(RegistryLayout.data(digest))
    }

    /// What is known of the bytes of a blob or manifest; nil when there are none.
    func info(_ digest: Digest) async throws(StorageError) -> ObjectInfo? {
        try await driver.stat(RegistryLayout.data(digest))
    }

    // MARK: Manifests

    /// A manifest that a repository has, with its digest checked.
    func manifest(
        _ digest: Digest, in name: RepositoryName
    ) async throws(StorageError) -> Manifest? {
        guard try await isLinked(manifest: digest, in: name) else { return nil }
        return try await manifest(digest)
    }

    /// Whether a repository has a manifest. Its bytes are looked for apart.
    func isLinked(
        manifest digest: Digest, in name: RepositoryName
    ) async throws(StorageError) -> Bool {
        try await link(at: RegistryLayout.revisionLink(digest, in: name)) == digest
    }

    /// A manifest that is held for any repository, with its digest checked.
    func manifest(_ digest: Digest) async throws(StorageError) -> Manifest? {
        guard let bytes = try await contents(of: RegistryLayout.data(digest), Manifest.byteLimit),
            Digest(of: bytes, by: digest.algorithm) == digest
        else { return nil }
        return try await manifest(of: bytes, digest)
    }

    /// A manifest of bytes whose digest was checked, with the media type that is kept beside.
    func manifest(
        of bytes: [UInt8], _ digest: Digest
    ) async throws(StorageError) -> Manifest? {
        guard let manifest = Manifest(bytes: bytes, digest: digest, statedType: nil) else {
            return nil
        }
        if manifest.statesMediaType { return manifest }
        let note = try await contents(of: RegistryLayout.mediaType(digest), 1 << 10)
        guard let note else { return manifest }
        let type = MediaType(String(decoding: note, as: UTF8.self))
        return Manifest(bytes: manifest.bytes, digest: digest, statedType: type)
    }

    /// Keeps a manifest for a repository: its bytes first, so that no link leads nowhere. Damaged
    /// bytes are replaced.
    func put(_ manifest: Manifest, in name: RepositoryName) async throws(StorageError) {
        let key = RegistryLayout.data(manifest.digest)
        // What cannot be read is damaged, too.
        if (try? await contents(of: key, Manifest.byteLimit)) != manifest.bytes {
            try await put(manifest.bytes, at: key)
        }
        if !manifest.statesMediaType {
            try await put(
                Array(manifest.mediaType.text.utf8),
                at: RegistryLayout.mediaType(manifest.digest))
        }
        try await write(manifest.digest, at: RegistryLayout.revisionLink(manifest.digest, in: name))
    }

    func unlink(manifest digest: Digest, in name: RepositoryName) async throws(StorageError) {
        defer { losses.add(digest) }
        try await driver.delete(RegistryLayout.revisionLink(digest, in: name).parent)
    }

    // MARK: Tags

    /// The manifest that a tag named when it was last fetched.
    func digest(of tag: Tag, in name: RepositoryName) async throws(StorageError) -> Digest? {
        try await link(at: RegistryLayout.tagLink(tag, in: name))
    }

    func set(
        _ tag: Tag, to digest: Digest, in name: RepositoryName
    ) async throws(StorageError) {
        try await write(digest, at: RegistryLayout.tagIndexLink(tag, digest, in: name))
        try await write(digest, at: RegistryLayout.tagLink(tag, in: name))
    }

    func remove(_ tag: Tag, in name: RepositoryName) async throws(StorageError) {
        try await driver.delete(RegistryLayout.tags(in: name).child(tag.text))
    }

    /// The manifests that a tag names, or has named.
    func digestsNamed(
        by tag: Tag, in name: RepositoryName
    ) async throws(StorageError) -> [Digest] {
        var digests: [Digest] = []
        for algorithm in Digest.Algorithm.allCases {
            let key = RegistryLayout.tagIndex(tag, algorithm, in: name)
            var last: String?
            while true {
                let page = try await driver.list(key, after: last, limit: 256)
                if page.isEmpty { break }
                digests += page.compactMap { Digest("\(algorithm.rawValue):\($0.name)") }
                last = page.last?.name
            }
        }
        return digests
    }

    /// Forgets that a tag has named a manifest, which it does not name now.
    func removeTrace(
        of digest: Digest, from tag: Tag, in name: RepositoryName
    ) async throws(StorageError) {
        try await driver.delete(RegistryLayout.tagIndexLink(tag, digest, in: name).parent)
    }

    /// Tags that have been fetched, in the order of their bytes; fewer than `limit` only when
    /// there are no more.
    func tags(
        in name: RepositoryName, after last: String?, limit: Int
    ) async throws(StorageError) -> [Tag] {
        var tags: [Tag] = []
        var last = last
        while tags.count < limit {
            let page = try await driver.list(
                RegistryLayout.tags(in: name), after: last, limit: limit - tags.count)
            if page.isEmpty { break }
            // Not every name that another program leaves there is a tag.
            tags += page.compactMap { Tag($0.name) }
            last = page.last?.name
        }
        return tags
    }

    // MARK: Links

    private func write(_ digest: Digest, at key: StorageKey) async throws(StorageError) {
        try await put(Array(digest.text.utf8), at: key)
    }

    /// About what a name takes, and the folders above it.
    static let smallByteCount: Int64 = 64 << 10

    func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try await room.run(for: Int64(bytes.count) + Self.smallByteCount) {
            () async throws(StorageError) in
            try await driver.put(bytes, at: key)
        }
    }

    private func link(at key: StorageKey) async throws(StorageError) -> Digest? {
        guard let bytes = try await contents(of: key, 256) else { return nil }
        return Digest(String(decoding: bytes, as: UTF8.self))
    }

    /// A whole small object; nil when it is missing or larger than `limit` bytes.
    func contents(
        of key: StorageKey, _ limit: Int
    ) async throws(StorageError) -> [UInt8]? {
        guard let object = try await driver.open(key), object.size <= limit else { return nil }
        return try await object.readAll()
    }
}

extension StoredObject {
    /// All bytes in memory; for objects known to be small.
    func readAll() async throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        let end = size
        while Int64(bytes.count) < end {
            let block = try await read(at: Int64(bytes.count), limit: Int(end) - bytes.count)
            if block.isEmpty { break }
            bytes += block
        }
        return bytes
    }
}
