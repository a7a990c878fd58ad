internal import Synchronization

/// A blob that is passed on without being kept, for when the mirror's own storage fails: a
/// mirror is never worse than none.
///
/// One reader reads it, from some offset on. Content read from its start is hashed on the way,
/// and its last block is shown only when the digest is right.
final class PassThrough: ContentSource {
    let size: Int64?
    private let digest: Digest
    private let repository: RepositoryName
    private let upstream: any UpstreamFetcher
    private let reading: Mutex<Reading?>

    /// Where the one reader is.
    private final class Reading: Sendable {
        let download: any BlobDownload
        let progress: Mutex<Progress>

        init(_ download: any BlobDownload, hashes: Bool, by algorithm: Digest.Algorithm) {
            self.download = download
            progress = Mutex(
                Progress(
                    next: nil, offset: download.offset,
                    hasher: hashes ? DigestHasher(algorithm) : nil))
        }

        deinit { download.cancel() }
    }

    private struct Progress: ~Copyable {
        /// The block after the one that was shown last.
        var next: [UInt8]?
        var offset: Int64
        var hasher: DigestHasher?
    }

    init(
        _ digest: Digest, in repository: RepositoryName, size: Int64?,
        from upstream: any UpstreamFetcher
    ) {
        self.digest = digest
        self.repository = repository
        self.size = size
        self.upstream = upstream
        reading = Mutex(nil)
    }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        let reading = try await reading(at: offset)
        while true {
            let ahead = try await receive(reading)
            let shown = try show(reading, before: ahead, at: offset)
            switch shown {
            case .bytes(let bytes): return .bytes(bytes)
            case .end: return nil
            case .none: continue
            }
        }
    }

    private enum Shown {
        case bytes([UInt8]), end, none
    }

    private func reading(at offset: Int64) async throws(MirrorError) -> Reading {
        if let current = reading.withLock({ $0 }),
            current.progress.withLock({ $0.offset - Int64($0.next?.count ?? 0) }) == offset
        {
            return current
        }
        do throws(UpstreamError) {
            let download = try await upstream.blob(digest, in: repository, from: offset)
            let new = Reading(download, hashes: download.offset == 0, by: digest.algorithm)
            reading.withLock { $0 = new }
            return new
        } catch {
            throw MirrorError(error)
        }
    }

    private func receive(_ reading: Reading) async throws(MirrorError) -> [UInt8]? {
        do { return try await reading.download.next() } catch { throw MirrorError(error) }
    }

    /// Takes in the block that has come, nil at the end, and shows the one before it.
    private func show(
        _ reading: Reading, before ahead: [UInt8]?, at wanted: Int64
    ) throws(MirrorError) -> Shown {
        try reading.progress.withLock { progress throws(MirrorError) in
            let block = progress.next
            progress.next = ahead
            if let ahead {
                progress.hasher?.update(ahead)
                progress.offset += Int64(ahead.count)
            } else if let hasher = progress.hasher.take(), hasher.finish() != digest {
                throw MirrorError(.invalid, "upstream's bytes do not have the blob's digest")
            }
            guard var block else { return ahead == nil ? .end : .none }
            // An upstream that took no notice of the offset begins before it.
            let start = progress.offset - Int64(ahead?.count ?? 0) - Int64(block.count)
            if start < wanted { block.removeFirst(Int(min(wanted - start, Int64(block.count)))) }
            return block.isEmpty ? .none : .bytes(block)
        }
    }
}
