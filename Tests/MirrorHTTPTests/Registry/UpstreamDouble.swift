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
        var cursor: String?
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

    /// Lets every list go on at a cursor of its own.
    func page(by cursor: String) {
        state.withLock { $0.cursor = cursor }
    }

    /// Answers everything with this error from now on; nil mends it.
    func fail(with error: UpstreamError?) {
        state.withLock { $0.error = error }
    }

    /// As long as it does not fail.
    func isAnswering(for repository: RepositoryName) -> Bool {
        state.withLock { $0.error == nil }
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
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage {
        let (cursor, tags) = try answer("tags\(position.words)") {
            ($0.cursor, $0.tags.keys.sorted())
        }
        if let cursor { return TagPage(tags: tags, next: .link(cursor)) }
        var last = ""
        if case .behind(let entry) = position { last = entry }
        let all = tags.filter { $0 > last }
        let page = Array(all.prefix(limit ?? 2))
        let hasMore = page.count < all.count
        return TagPage(tags: page, next: hasMore ? page.last.map { .behind($0) } : nil)
    }

    func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage {
        let (cursor, index) = try answer("referrers\(position.words)") { state in
            state.referrers[digest].map { (state.cursor, $0) }
        }
        return ReferrerPage(index: index, next: cursor.map { .link($0) })
    }
}

extension ListPosition {
    fileprivate var words: String {
        switch self {
        case .start: ""
        case .behind(let last): " behind \(last)"
        case .link(let query): " at \(query)"
        }
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
