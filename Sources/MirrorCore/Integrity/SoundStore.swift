/// What is held and sound: all that is served from the store is opened here. What shows itself
/// to be damaged is set aside, and counts as missing.
final class SoundStore: Sendable {
    private let store: ContentStore
    private let damage: DamageControl
    private let sizes: KnownSizes
    private let proofs = SingleFlight<Question, Bool, StorageError>()

    /// Whether content of this size has this digest.
    private struct Question: Hashable {
        var digest: Digest
        var size: Int64
    }

    init(_ store: ContentStore, damage: DamageControl, sizes: KnownSizes) {
        self.store = store
        self.damage = damage
        self.sizes = sizes
    }

    // MARK: What is held

    /// The bytes of a blob, or manifest, whichever repository has it.
    ///
    /// - Parameter repository: for which it is asked for, where that is known.
    func blob(
        _ digest: Digest, for repository: RepositoryName? = nil
    ) async throws(StorageError) -> WatchedObject? {
        guard let object = try await open(digest) else { return nil }
        return try await isSound(object, for: repository) ? object : nil
    }

    /// The bytes of a blob or manifest as they lie there, unless they are known to be damaged.
    func open(_ digest: Digest) async throws(StorageError) -> WatchedObject? {
        // In this order: what is found damaged from now on concerns what is opened now.
        let findings = damage.record.latest
        guard !damage.record.isInPlace(digest), let object = try await store.object(digest)
        else { return nil }
        return WatchedObject(object, of: digest, after: findings, damage)
    }

    /// A manifest that a repository has, with its digest checked.
    func manifest(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(StorageError) -> Manifest? {
        guard try await store.isLinked(manifest: digest, in: repository),
            let object = try await blob(digest, for: repository),
            object.size <= Manifest.byteLimit
        else { return nil }
        let bytes: [UInt8]
        do throws(StorageError) {
            bytes = try await object.readAll()
        } catch {
            if error.code == .damaged { return nil }
            throw error
        }
        let found = Digest(of: bytes, by: digest.algorithm)
        guard found == digest else {
            await damage.setAside(object, .digest(found), for: repository)
            return nil
        }
        let manifest = try await store.manifest(of: bytes, digest)
        if let manifest { sizes.didState(manifest.parts) }
        return manifest
    }

    // MARK: What is put there

    /// A blob whose bytes were proved was stored, in the digest's turn.
    func didStore(_ digest: Digest, size: Int64) {
        sizes.didProve(digest, size: size)
        damage.didReplace(digest)
    }

    /// A manifest was stored, in the digest's turn.
    func didStore(_ manifest: Manifest) {
        didStore(manifest.digest, size: Int64(manifest.bytes.count))
        sizes.didState(manifest.parts)
    }

    /// What lies in a digest's place was read, and is right.
    func didProve(_ object: WatchedObject) {
        sizes.didProve(object.digest, size: object.size)
    }

    // MARK: Sizes

    private func isSound(
        _ object: WatchedObject, for repository: RepositoryName?
    ) async throws(StorageError) -> Bool {
        let digest = object.digest
        let size = object.size
        let known = sizes.size(of: digest)
        if let known, known.byteCount == size { return true }
        let isEmpty = size == 0 && !digest.isOfNothing
        if !isEmpty {
            guard let known else { return true }
            // A manifest's word alone is not enough to give up what may be right.
            if !known.isProved, try await hasItsDigest(object) {
                didProve(object)
                return true
            }
        }
        await damage.setAside(object, .size(size, expected: known?.byteCount), for: repository)
        return false
    }

    /// Reads all of it, once for all who ask.
    private func hasItsDigest(_ object: WatchedObject) async throws(StorageError) -> Bool {
        let question = Question(digest: object.digest, size: object.size)
        return try await proofs.value(for: question) { () async throws(StorageError) in
            var cursor = HashCursor(object.digest.algorithm)
            do throws(StorageError) {
                try await cursor.catchUp(with: object, to: object.size)
            } catch {
                if error.code == .damaged { return false }
                throw error
            }
            return cursor.finish() == object.digest
        }.value
    }
}
