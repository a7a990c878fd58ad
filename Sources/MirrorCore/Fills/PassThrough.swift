internal import Synchronization

/// A blob that is passed on without being kept, for when the mirror's own storage fails: a
/// mirror is never worse than none.
///
/// One reader reads it, from some offset on. Content is hashed on the way where all before it is
/// known too, and its last block is shown only when the digest is right.
final class PassThrough: ContentSource {
    private static let blockByteCount: Int64 = 1 << 20

    let size: Int64?
    private let digest: Digest
    private let repository: RepositoryName
    private let upstream: any UpstreamFetcher
    /// Who asked for it: bytes are fetched when the answer is under way already.
    private let client: ClientCredential?
    /// The first bytes, where the storage took these before it failed.
    private let head: (object: any StoredObject, count: Int64)?
    private let reading = Mutex<Reading?>(nil)

    /// Where the one reader is in one download.
    private final class Reading: Sendable {
        let download: any BlobDownload
        let progress: Mutex<PassProgress>

        init(_ download: any BlobDownload, _ progress: consuming sending PassProgress) {
            self.download = download
            self.progress = Mutex(progress)
        }

        deinit { download.cancel() }
    }

    init(
        _ digest: Digest, in repository: RepositoryName, size: Int64?,
        after head: (object: any StoredObject, count: Int64)? = nil,
        from upstream: any UpstreamFetcher, as client: ClientCredential? = .current
    ) {
        self.digest = digest
        self.repository = repository
        self.size = size
        self.head = head
        self.upstream = upstream
        self.client = client
    }

    func isReady(at offset: Int64) -> Bool { false }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        if let head, offset < head.count,
            let piece = try? await head.object.piece(at: offset, upTo: head.count, limit: limit)
        {
            return piece
        }
        let reading = try await reading(at: offset)
        while true {
            switch reading.progress.withLock({ $0.take(limit) }) {
            case .bytes(let bytes): return .bytes(bytes)
            case .end: return nil
            case .nothing: break
            }
            let block = try await receive(reading)
            try reading.progress.withLock { progress throws(MirrorError) in
                try progress.didReceive(block, of: digest)
            }
        }
    }

    /// The download that goes on at `offset`; another one when the reader has jumped.
    private func reading(at offset: Int64) async throws(MirrorError) -> Reading {
        if let current = reading.withLock({ $0 }),
            current.progress.withLock({ $0.offset == offset })
        {
            return current
        }
        let download: any BlobDownload
        do {
            download = try await ClientCredential.run(as: client) {
                () async throws(UpstreamError) in
                try await upstream.blob(
                    digest, in: repository, from: offset, to: nil, ifStill: nil)
            }
        } catch {
            throw MirrorError(error)
        }
        guard download.offset <= offset else {
            download.cancel()
            throw MirrorError(.invalid, "upstream's answer begins past what was asked for")
        }
        let hasher = await hasher(upTo: download.offset)
        let new = Reading(
            download, PassProgress(from: download.offset, to: offset, hasher: hasher))
        reading.withLock { $0 = new }
        return new
    }

    /// The hash of all bytes before `end`; nil where they are not known.
    private func hasher(upTo end: Int64) async -> sending DigestHasher? {
        let hasher = DigestHasher(digest.algorithm)
        if end == 0 { return hasher }
        guard let head, head.count >= end else { return nil }
        var offset: Int64 = 0
        while offset < end {
            let limit = Int(min(Self.blockByteCount, end - offset))
            guard let block = try? await head.object.read(at: offset, limit: limit), !block.isEmpty
            else { return nil }
            hasher.update(block)
            offset += Int64(block.count)
        }
        return hasher
    }

    private func receive(_ reading: Reading) async throws(MirrorError) -> [UInt8]? {
        do { return try await reading.download.next() } catch { throw MirrorError(error) }
    }
}

/// What has come of a download and not been shown yet, as a value: one block that may be shown
/// and, behind it, one that may turn out to be the last.
struct PassProgress: ~Copyable {
    enum Taken {
        case bytes([UInt8]), end, nothing
    }

    /// Where the bytes lie that are shown next.
    private(set) var offset: Int64
    private var ready: ArraySlice<UInt8> = []
    private var last: ArraySlice<UInt8> = []
    /// Bytes at the start of the download that nobody asked for.
    private var surplus: Int64
    private var hasher: DigestHasher?
    private var hasEnded = false
    private var isWrong = false

    /// - Parameters:
    ///   - start: where the download begins.
    ///   - offset: where the reader begins, which is not before that.
    ///   - hasher: the hash of all before `start`, if it is known.
    init(from start: Int64, to offset: Int64, hasher: consuming sending DigestHasher?) {
        self.offset = offset
        surplus = offset - start
        self.hasher = hasher
    }

    /// Takes out at most `limit` bytes that may be shown; nothing when more must come first.
    mutating func take(_ limit: Int64) -> Taken {
        if ready.isEmpty { return hasEnded ? .end : .nothing }
        let bytes = ready.prefix(Int(clamping: limit))
        ready = ready.dropFirst(bytes.count)
        offset += Int64(bytes.count)
        return .bytes(Array(bytes))
    }

    /// A block has come, or the end. Call it when ``take(_:)`` has nothing.
    mutating func didReceive(_ block: [UInt8]?, of digest: Digest) throws(MirrorError) {
        guard let block else {
            if let hasher = hasher.take(), hasher.finish() != digest { isWrong = true }
            if isWrong {
                throw MirrorError(.invalid, "upstream's bytes do not have the blob's digest")
            }
            hasEnded = true
            ready = last
            last = []
            return
        }
        hasher?.update(block)
        let dropped = Int(min(surplus, Int64(block.count)))
        surplus -= Int64(dropped)
        if dropped == block.count { return }
        ready = last
        last = block[dropped...]
    }
}
