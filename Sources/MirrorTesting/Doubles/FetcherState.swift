internal import MirrorCore

/// What a scripted fetcher has, is to do, and was asked.
struct FetcherState {
    struct Repository {
        var blobs: [Digest: [UInt8]] = [:]
        var manifests: [Digest: FetchedManifest] = [:]
        var tags: [Tag: Digest] = [:]
        var referrers: [Digest: FetchedManifest] = [:]
    }

    struct Failure {
        var operations: Set<ScriptedFetcher.Operation>
        var error: UpstreamError
        var count: Int
    }

    var repositories: [RepositoryName: Repository] = [:]
    var failures: [Failure] = []
    var scripts: [Digest: [TransferScript]] = [:]
    var checkpoints: [ScriptedFetcher.Operation: Checkpoint] = [:]
    var outlook = UpstreamOutlook.clear
    var isAnswering = false
    var statesSizes = true
    var resolvesWithManifests = false
    var counts: [ScriptedFetcher.Operation: Int] = [:]
    var priorities: [ScriptedFetcher.Operation: [UpstreamPriority]] = [:]
    var clients: [UpstreamIdentity?] = []
    var transfers: [Digest: [Range<Int64>]] = [:]
    var byteCounts: [Digest: Int64] = [:]

    func repository(_ name: RepositoryName) throws(UpstreamError) -> Repository {
        guard let repository = repositories[name] else {
            throw UpstreamError(.notFound, "there is no repository \(name)")
        }
        return repository
    }

    func blob(_ digest: Digest, in name: RepositoryName) throws(UpstreamError) -> [UInt8] {
        guard let bytes = try repository(name).blobs[digest] else {
            throw UpstreamError(.notFound, "there is no blob \(digest)")
        }
        return bytes
    }

    func manifest(
        _ reference: Reference, in name: RepositoryName
    ) throws(UpstreamError) -> FetchedManifest {
        let repository = try repository(name)
        let digest: Digest? =
            switch reference {
            case .digest(let digest): digest
            case .tag(let tag): repository.tags[tag]
            }
        guard let manifest = digest.flatMap({ repository.manifests[$0] }) else {
            throw UpstreamError(.notFound, "there is no manifest \(reference)")
        }
        return manifest
    }

    func resolution(of tag: Tag, in name: RepositoryName) throws(UpstreamError) -> Resolution {
        let manifest = try manifest(.tag(tag), in: name)
        guard let digest = try repository(name).tags[tag] else {
            throw UpstreamError(.notFound, "there is no tag \(tag)")
        }
        return Resolution(
            digest: digest, mediaType: statesSizes ? manifest.mediaType : nil,
            size: statesSizes ? Int64(manifest.bytes.count) : nil,
            manifest: resolvesWithManifests ? manifest : nil)
    }

    mutating func takeScript(_ digest: Digest) -> TransferScript {
        guard let script = scripts[digest]?.first else { return TransferScript() }
        scripts[digest]?.removeFirst()
        return script
    }

    /// A question is answered now, or fails.
    mutating func takeAnswer(_ operation: ScriptedFetcher.Operation) -> UpstreamError? {
        let failure = takeFailure(operation)
        isAnswering = failure == nil
        return failure
    }

    private mutating func takeFailure(_ operation: ScriptedFetcher.Operation) -> UpstreamError? {
        let index = failures.firstIndex { $0.operations.contains(operation) && $0.count > 0 }
        guard let index else { return nil }
        failures[index].count -= 1
        return failures[index].error
    }
}
