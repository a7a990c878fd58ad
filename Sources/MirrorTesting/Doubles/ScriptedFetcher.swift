public import MirrorCore
internal import Synchronization

/// An upstream without a network: it has what a test gives it, waits and fails where a test
/// says so, and counts what it is asked.
///
/// ```swift
/// let upstream = ScriptedFetcher()
/// upstream.add(image, to: repository, tag: tag)
/// upstream.script(image.layers[0].digest, TransferScript(breaksOffAt: 1_000))
/// ```
///
/// Where a test scripts nothing, every answer is right. Use `ScriptedUpstream` to test a fetcher
/// as well.
public final class ScriptedFetcher: UpstreamFetcher {
    /// The questions that a fetcher is asked.
    public enum Operation: Hashable, Sendable, CaseIterable {
        /// The calls of ``UpstreamFetcher``.
        case resolve, manifest, blobInfo, blob, tags, referrers
    }

    let state = Mutex(FetcherState())

    /// An upstream that has nothing.
    public init() {}

    // MARK: What it has

    /// Adds a blob to a repository, which begins to exist by that.
    public func add(_ blob: SampleBlob, to repository: RepositoryName) {
        add(blob.bytes, as: blob.digest, to: repository)
    }

    /// Adds bytes as a blob, whatever their digest really is.
    public func add(_ bytes: [UInt8], as digest: Digest, to repository: RepositoryName) {
        state.withLock { $0.repositories[repository, default: .init()].blobs[digest] = bytes }
    }

    /// Adds a manifest, and lets `tag` name it.
    public func add(
        _ manifest: SampleManifest, to repository: RepositoryName, tag: Tag? = nil
    ) {
        let fetched = FetchedManifest(bytes: manifest.bytes, mediaType: manifest.mediaType)
        add(fetched, as: manifest.digest, to: repository, tag: tag)
    }

    /// Adds a manifest of any bytes under any digest, and lets `tag` name it.
    public func add(
        _ manifest: FetchedManifest, as digest: Digest, to repository: RepositoryName,
        tag: Tag? = nil
    ) {
        state.withLock { state in
            state.repositories[repository, default: .init()].manifests[digest] = manifest
            if let tag { state.repositories[repository]?.tags[tag] = digest }
        }
    }

    /// Adds an image with all its blobs.
    public func add(_ image: SampleImage, to repository: RepositoryName, tag: Tag? = nil) {
        for blob in image.blobs { add(blob, to: repository) }
        add(image.manifest, to: repository, tag: tag)
    }

    /// Adds an index with all its images.
    public func add(_ index: SampleIndex, to repository: RepositoryName, tag: Tag? = nil) {
        for image in index.images { add(image, to: repository) }
        add(index.manifest, to: repository, tag: tag)
    }

    /// Removes a repository with all that it has.
    public func remove(_ repository: RepositoryName) {
        state.withLock { $0.repositories[repository] = nil }
    }

    /// Removes a tag; what it named stays.
    public func remove(_ tag: Tag, from repository: RepositoryName) {
        state.withLock { $0.repositories[repository]?.tags[tag] = nil }
    }

    // MARK: What it does

    /// Lets the next `count` questions of some kinds fail.
    public func fail(
        _ operations: Set<Operation> = Set(Operation.allCases), with error: UpstreamError,
        count: Int = .max
    ) {
        state.withLock { state in
            state.failures.append(
                FetcherState.Failure(operations: operations, error: error, count: count))
        }
    }

    /// Takes back every failure that is left, and every script.
    public func heal() {
        state.withLock { state in
            state.failures = []
            state.scripts = [:]
        }
    }

    /// Says what goes wrong with the next transfers of a blob, one script for each of them.
    public func script(_ digest: Digest, _ scripts: TransferScript...) {
        state.withLock { $0.scripts[digest, default: []] += scripts }
    }

    /// Lets questions of some kind wait at a checkpoint before they are answered.
    public func hold(_ operation: Operation, at checkpoint: Checkpoint) {
        state.withLock { $0.checkpoints[operation] = checkpoint }
    }

    /// Leaves out sizes that the upstream need not state.
    public func hideSizes() {
        state.withLock { $0.statesSizes = false }
    }

    /// Lets a tag be answered with its whole manifest, as an upstream without HEAD does.
    public func resolveWithManifests() {
        state.withLock { $0.resolvesWithManifests = true }
    }

    // MARK: What it was asked

    /// How often each kind of question came in, failed ones included.
    public var counts: [Operation: Int] { state.withLock { $0.counts } }

    /// As which client each question was asked, in their order; nil for the mirror itself.
    public var clients: [UpstreamIdentity?] { state.withLock { $0.clients } }

    /// How often any question came in; 0 proves that the upstream was left alone.
    public var callCount: Int { counts.values.reduce(0, +) }

    /// Where in the blob each transfer of it began that was asked for, in their order.
    public func transfers(of digest: Digest) -> [Int64] {
        state.withLock { $0.transfers[digest, default: []].map(\.lowerBound) }
    }

    /// What each of these transfers was asked for; up to `Int64.max` where no end was named.
    public func ranges(of digest: Digest) -> [Range<Int64>] {
        state.withLock { $0.transfers[digest] ?? [] }
    }

    /// How many bytes of a blob were sent, by all transfers together.
    public func byteCount(of digest: Digest) -> Int64 {
        state.withLock { $0.byteCounts[digest] ?? 0 }
    }

    /// Counts from zero again.
    public func resetCounts() {
        state.withLock { state in
            state.counts = [:]
            state.priorities = [:]
            state.clients = []
            state.transfers = [:]
            state.byteCounts = [:]
        }
    }

    func didSend(_ count: Int, of digest: Digest) {
        state.withLock { $0.byteCounts[digest, default: 0] += Int64(count) }
    }

    // MARK: Questions

    /// Which manifest a tag names.
    public func resolve(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution {
        try await enter(.resolve)
        return try state.withLock { state throws(UpstreamError) in
            try state.resolution(of: tag, in: repository)
        }
    }

    /// The bytes of a manifest.
    public func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest {
        try await enter(.manifest)
        return try state.withLock { state throws(UpstreamError) in
            try state.manifest(reference, in: repository)
        }
    }

    /// The size of a blob.
    public func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        try await enter(.blobInfo)
        return try state.withLock { state throws(UpstreamError) in
            let bytes = try state.blob(digest, in: repository)
            return BlobInfo(size: state.statesSizes ? Int64(bytes.count) : nil)
        }
    }

    /// The bytes of a blob.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload {
        state.withLock { $0.transfers[digest, default: []].append(offset..<(end ?? .max)) }
        try await enter(.blob)
        return try state.withLock { state throws(UpstreamError) in
            let bytes = try state.blob(digest, in: repository)
            let script = state.takeScript(digest)
            if let error = script.error { throw error }
            let isOther = validator != nil && validator != script.validator
            let ignoresRange = script.ignoresOffset || isOther
            let start = ignoresRange ? 0 : offset
            guard start < bytes.count || start == 0 else {
                throw UpstreamError(.invalid, "the blob ends before byte \(start)")
            }
            return ScriptedDownload(
                bytes, of: digest, from: start, to: ignoresRange ? nil : end, by: script,
                statesSize: state.statesSizes,
                in: self)
        }
    }

    /// The tags of a repository.
    public func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage {
        try await enter(.tags)
        return try state.withLock { state throws(UpstreamError) in
            let all = try state.repository(repository).tags.keys.map(\.text).sorted()
            var last = ""
            if case .behind(let entry) = position { last = entry }
            let rest = all.filter { $0 > last }
            let page = Array(rest.prefix(limit ?? rest.count))
            let hasMore = page.count < rest.count
            return TagPage(tags: page, next: hasMore ? page.last.map { .behind($0) } : nil)
        }
    }

    /// Counts a question, lets it wait, and fails it where the test says so.
    func enter(_ operation: Operation) async throws(UpstreamError) {
        let checkpoint = state.withLock { state in
            state.counts[operation, default: 0] += 1
            state.priorities[operation, default: []].append(UpstreamPriority.current)
            state.clients.append(ClientCredential.current?.identity)
            return state.checkpoints[operation]
        }
        if let checkpoint { try await checkpoint.pass() }
        if let error = state.withLock({ $0.takeAnswer(operation) }) { throw error }
    }
}
