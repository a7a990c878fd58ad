internal import MirrorSystem

/// Carries out one fill: from upstream, or what a killed process left, to the store.
///
/// It runs on threads that may block: bytes are hashed and written where they are, and only the
/// wait for more of them happens on an event loop.
struct Filler: Sendable {
    /// Failures in a row, with not a byte between them, after which a fill is given up.
    private static let attemptLimit = 3
    private static let firstPause = Duration.milliseconds(200)
    private static let rehashBlockByteCount = 1 << 20

    let fill: Fill
    let store: ContentStore
    let upstream: any UpstreamFetcher
    let repository: RepositoryName
    /// Whether upstream has said that the repository has the blob.
    let isConfirmed: Bool
    let turns: DigestTurns
    let time: any TimeSource
    let logger: Logger

    /// Brings the fill to its end.
    ///
    /// - Returns: whether the blob is stored now.
    /// - Throws: why the blob cannot be had, which its readers are still to be told.
    func run() async throws(MirrorError) -> Bool {
        do throws(MirrorError) {
            if let object = try await held() {
                if !isConfirmed { try await confirm() }
                fill.update { $0.didKeep(object) }
                return true
            }
            let (upload, isWhole) = try await takeUp()
            return try await transfer(into: upload, isWhole: isWhole)
        } catch {
            logger.warning(
                "blob could not be fetched", LogField("digest", fill.digest.text),
                LogField("repository", repository.text), LogField("error", error.reason))
            throw error
        }
    }

    /// The blob, where another fill has just ended.
    private func held() async throws(MirrorError) -> (any StoredObject)? {
        do throws(StorageError) {
            return try await turns.run(fill.digest) { () async throws(StorageError) in
                try await store.blob(fill.digest)
            }
        } catch {
            throw MirrorError(error)
        }
    }

    /// What another repository has is given to this one only when its upstream has it too.
    private func confirm() async throws(MirrorError) {
        do { _ = try await upstream.blobInfo(fill.digest, in: repository) } catch {
            throw MirrorError(error)
        }
    }

    /// Where the blob arrives, and whether an earlier process left every byte there but did not
    /// come to keep them. There is nothing to fetch behind the last byte, so upstream is asked
    /// for the size.
    private func takeUp() async throws(MirrorError) -> (upload: any StorageUpload, isWhole: Bool) {
        let upload = try await open()
        if upload.size == 0 { return (upload, false) }
        let info: BlobInfo
        do { info = try await upstream.blobInfo(fill.digest, in: repository) } catch {
            let error = MirrorError(error)
            await end(upload, after: error)
            throw error
        }
        guard let size = info.size, size <= upload.size else { return (upload, false) }
        if size == upload.size { return (upload, true) }
        // These cannot be the blob's bytes. Nobody has read them yet.
        await upload.abandon()
        return (try await open(), false)
    }

    private func open() async throws(MirrorError) -> any StorageUpload {
        do { return try await store.fill(fill.digest) } catch { throw MirrorError(error) }
    }

    // MARK: From upstream

    private func transfer(
        into upload: any StorageUpload, isWhole: Bool
    ) async throws(MirrorError) -> Bool {
        let hasher = DigestHasher(fill.digest.algorithm)
        var failures = 0
        do throws(MirrorError) {
            try await rehash(upload, with: hasher)
            if isWhole {
                fill.update { $0.didOpen(upload, received: upload.size, total: upload.size) }
            }
            var hasEnded = isWhole
            while !hasEnded {
                let before = upload.size
                do throws(TransferError) {
                    try await receive(into: upload, hashing: hasher)
                    hasEnded = true
                } catch {
                    failures = upload.size > before ? 1 : failures + 1
                    try await pause(after: error, failures: failures)
                }
            }
        } catch {
            await end(upload, after: error)
            throw error
        }
        return try await prove(upload, hasher.finish())
    }

    /// Hashes what an earlier process received, so that the rest can follow.
    private func rehash(
        _ upload: any StorageUpload, with hasher: borrowing DigestHasher
    ) async throws(MirrorError) {
        var offset: Int64 = 0
        while offset < upload.size {
            do {
                let block = try await upload.read(at: offset, limit: Self.rehashBlockByteCount)
                if block.isEmpty { break }
                hasher.update(block)
                offset += Int64(block.count)
            } catch {
                throw MirrorError(error)
            }
        }
    }

    /// Asks for the blob from where the upload ends.
    private func begin(
        _ upload: any StorageUpload
    ) async throws(UpstreamError) -> any BlobDownload {
        let download = try await upstream.blob(fill.digest, in: repository, from: upload.size)
        do throws(UpstreamError) {
            if let known = fill.size, let total = download.totalSize, known != total {
                throw UpstreamError(.invalid, "the blob's size changed: \(known), \(total) bytes")
            }
            if let total = download.totalSize, upload.size > total {
                throw UpstreamError(.invalid, "more bytes were received than the blob has")
            }
            guard download.offset <= upload.size else {
                throw UpstreamError(.invalid, "the answer begins past what was asked for")
            }
        } catch {
            download.cancel()
            throw error
        }
        return download
    }

    /// Receives up to the blob's end.
    private func receive(
        into upload: any StorageUpload, hashing hasher: borrowing DigestHasher
    ) async throws(TransferError) {
        let download: any BlobDownload
        do { download = try await begin(upload) } catch { throw .upstream(error) }
        defer { download.cancel() }
        // An upstream that takes no notice of the offset sends again what is there.
        var surplus = upload.size - download.offset
        fill.update {
            $0.didOpen(upload, received: upload.size, total: download.totalSize ?? $0.total)
        }
        while var block = try await next(of: download) {
            if surplus > 0 {
                let count = Int(min(surplus, Int64(block.count)))
                block.removeFirst(count)
                surplus -= Int64(count)
                if block.isEmpty { continue }
            }
            if let total = fill.size, upload.size + Int64(block.count) > total {
                throw .upstream(UpstreamError(.invalid, "more than the stated \(total) bytes came"))
            }
            do { try await upload.append(block) } catch { throw .storage(error) }
            hasher.update(block)
            fill.update { $0.didReceive(block.count) }
        }
        if let total = fill.size, upload.size < total {
            throw .upstream(
                UpstreamError(.unavailable, "the blob ended after \(upload.size) of \(total) bytes")
            )
        }
    }

    private func next(of download: any BlobDownload) async throws(TransferError) -> [UInt8]? {
        do { return try await download.next() } catch { throw .upstream(error) }
    }

    /// Waits before the next attempt, where another one makes sense.
    private func pause(after error: TransferError, failures: Int) async throws(MirrorError) {
        guard case .upstream(let error) = error else { throw MirrorError(error) }
        guard error.code == .unavailable, failures < Self.attemptLimit else {
            throw MirrorError(error)
        }
        logger.info(
            "upstream broke off a blob; it is taken up again",
            LogField("digest", fill.digest.text), LogField("received", fill.received),
            LogField("error", error.reason))
        do {
            try await time.sleep(for: Self.firstPause * (1 << failures))
        } catch {
            throw MirrorError(.unavailable, "the mirror is stopping")
        }
    }

    /// What may be right is left to be taken up later; what cannot be is removed.
    private func end(_ upload: any StorageUpload, after error: MirrorError) async {
        if error.code == .invalid || error.code == .notFound || error.isOfStorage
            || upload.size == 0
        {
            await upload.abandon()
        } else {
            await upload.suspend()
        }
    }

    // MARK: To the store

    /// Compares the digest, shows readers the last bytes, and makes the blob durable.
    private func prove(
        _ upload: any StorageUpload, _ found: Digest
    ) async throws(MirrorError) -> Bool {
        guard found == fill.digest else {
            await upload.abandon()
            throw MirrorError(
                .invalid, "upstream sent \(upload.size) bytes whose digest is \(found)")
        }
        fill.update { $0.didProve() }
        do {
            try await upload.commit(to: RegistryLayout.data(fill.digest))
            if let object = try await store.blob(fill.digest) {
                fill.update { $0.didKeep(object) }
            }
            return true
        } catch {
            // Every reader has the whole blob all the same.
            logger.error(
                "blob could not be stored; it will be fetched again when it is asked for",
                LogField("digest", fill.digest.text), LogField("error", "\(error)"))
            await upload.abandon()
            return false
        }
    }
}

/// Which side of a transfer failed.
private enum TransferError: Error {
    case upstream(UpstreamError)
    case storage(StorageError)
}

extension MirrorError {
    fileprivate init(_ error: TransferError) {
        switch error {
        case .upstream(let error): self.init(error)
        case .storage(let error): self.init(error)
        }
    }
}
