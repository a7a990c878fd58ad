import MirrorCore
import MirrorTesting
import Synchronization

/// An upstream in memory that has what a test gives it, fails as it is told, and remembers what
/// it was asked for.
final class UpstreamDouble: UpstreamFetcher {
    private struct State {
        var manifests: [Digest: SampleManifest] = [:]
        var tags: [String: Digest] = [:]
        var blobs: [Digest: SampleBlob] = [:]
        var referrers: [Digest: FetchedManifest] = [:]
        var error: UpstreamError?
        var questions: [String] = []
    }

    private let state = Mutex(State())

    /// Everything it was asked for, in words.
    var questions: [String] { state.withLock { $0.questions } }

    func add(_ blob: SampleBlob) {
        state.withLock { $0.blobs[blob.digest] = blob }
    }

    func add(_ manifest: SampleManifest, _ tags: String...) {
        state.withLock { state in
            state.manifests[manifest.digest] = manifest
            for tag in tags { state.tags[tag] = manifest.digest }
        }
    }

    func add(referrers index: FetchedManifest, of digest: Digest) {
        state.withLock { $0.referrers[digest] = index }
    }

    /// Answers everything with this error from now on; nil mends it.
    func fail(with error: UpstreamError?) {
        state.withLock { $0.error = error }
    }

    private func answer<Value>(
        _ question: String, _ find: (State) -> Value?
    ) throws(UpstreamError) -> Value {
        let (error, value) = state.withLock { state in
            state.questions.append(question)
            return (state.error, find(state))
        }
        if let error { throw error }
        guard let value else { throw UpstreamError(.notFound, "upstream has no \(question)") }
        return value
    }

    func resolve(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution {
        let manifest = try answer("tag \(tag)") { state in
            state.tags[tag.text].flatMap { state.manifests[$0] }
        }
        return Resolution(
            digest: manifest.digest, mediaType: manifest.mediaType,
            size: Int64(manifest.bytes.count))
    }

    func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest {
        let manifest = try answer("manifest \(reference)") { state in
            switch reference {
            case .digest(let digest): state.manifests[digest]
            case .tag(let tag): state.tags[tag.text].flatMap { state.manifests[$0] }
            }
        }
        return FetchedManifest(bytes: manifest.bytes, mediaType: manifest.mediaType)
    }

    func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        BlobInfo(size: try answer("info of blob") { $0.blobs[digest] }.size)
    }

    func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload {
        DownloadDouble(try answer("blob") { $0.blobs[digest] }, from: offset)
    }

    func tags(
        in repository: RepositoryName, after last: String?, limit: Int?
    ) async throws(UpstreamError) -> TagPage {
        let all = try answer("tags") { $0.tags.keys.sorted() }.filter { $0 > last ?? "" }
        let page = Array(all.prefix(limit ?? 2))
        return TagPage(tags: page, hasMore: page.count < all.count)
    }

    func referrers(
        to digest: Digest, in repository: RepositoryName, artifactType: String?
    ) async throws(UpstreamError) -> FetchedManifest {
        let filter = artifactType.map { " of type \($0)" } ?? ""
        return try answer("referrers\(filter)") { $0.referrers[digest] }
    }
}

/// The bytes of a sample, in small blocks.
private final class DownloadDouble: BlobDownload {
    let totalSize: Int64?
    let offset: Int64
    let validator: String? = nil
    private let blob: SampleBlob
    private let position: Mutex<Int64>

    init(_ blob: SampleBlob, from offset: Int64) {
        self.blob = blob
        self.offset = offset
        totalSize = blob.size
        position = Mutex(offset)
    }

    func next() async throws(UpstreamError) -> [UInt8]? {
        position.withLock { position in
            guard position < blob.size else { return nil }
            let end = min(blob.size, position + 1000)
            defer { position = end }
            return blob.bytes(in: position..<end)
        }
    }

    func cancel() {}
}
