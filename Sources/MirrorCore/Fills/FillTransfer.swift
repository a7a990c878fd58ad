/// Brings one part of a blob from upstream into the growing file, through failures and breaks.
struct FillTransfer: Sendable {
    /// Failures in a row, with hardly a byte between them, after which it is given up.
    private static let attemptLimit = 3
    /// An attempt that brought fewer bytes than this counts as a failure in a row with the one
    /// before it: an upstream that lets bytes fall in drops does not hold a fill for ever.
    private static let progressByteCount: Int64 = 16 << 10
    private static let firstPause = Duration.milliseconds(200)
    /// While nobody has seen a byte, no further attempt begins later than this: clients of a
    /// mirror turn away after 30 seconds, and an attempt may take 25 of them.
    private static let firstByteLimit = Duration.seconds(4)
    /// The longest that upstream may ask to be left alone in the middle of a blob.
    private static let patienceLimit = Duration.seconds(60)

    let site: FillSite
    let upload: any StorageUpload
    let transfer: FillPlan.Transfer
    /// What this blob was before upstream changed, to be compared.
    let former: Former?

    /// What readers have been shown in an earlier epoch.
    struct Former: Sendable {
        let object: any StoredObject
        let arrived: ByteRanges
    }

    private var fill: Fill { site.fill }
    private var rest: Range<Int64> { fill.read { $0.plan.rest(of: transfer) } ?? 0..<0 }

    /// Receives until nothing of its part is left.
    ///
    /// - Parameter didWrite: told of each block with its place, in order.
    func run(
        _ didWrite: (_ block: [UInt8], _ offset: Int64) async -> Void = { _, _ in }
    ) async throws(FillFailure) {
        let start = site.time.now
        var failures = 0
        var asksForAll = false
        while true {
            let position = rest.lowerBound
            do throws(FillFailure) {
                return try await receive(fromStart: asksForAll, didWrite)
            } catch {
                let hasComeOn = rest.lowerBound - position >= Self.progressByteCount
                failures = hasComeOn ? 1 : failures + 1
                asksForAll = error.mayBeOfRange && !transfer.isForRange
                try await pause(after: error, failures: failures, since: start)
            }
        }
    }

    // MARK: One attempt

    /// - Parameter fromStart: whether all of the blob is asked for, since upstream seems not to
    ///   know how to send a part of it.
    private func receive(
        fromStart: Bool, _ didWrite: (_ block: [UInt8], _ offset: Int64) async -> Void
    ) async throws(FillFailure) {
        let asked = rest
        let download = try await begin(asked, fromStart: fromStart)
        defer { download.cancel() }
        // An upstream that takes no notice of the offset sends again what is there.
        var surplus = asked.lowerBound - download.offset
        while var block = try await next(of: download) {
            if surplus > 0 {
                let count = Int(min(surplus, Int64(block.count)))
                block.removeFirst(count)
                surplus -= Int64(count)
                if block.isEmpty { continue }
            }
            let rest = rest
            if Int64(block.count) > rest.count {
                // What was taken from this transfer comes by another; what nobody asked for is
                // an upstream that errs.
                if rest.upperBound == asked.upperBound || rest.upperBound == fill.size {
                    let reason = "more than the stated \(rest.upperBound) bytes came"
                    throw .upstream(UpstreamError(.invalid, reason))
                }
                block.removeLast(block.count - Int(rest.count))
            }
            if !block.isEmpty { try await write(block, at: rest.lowerBound) }
            fill.update { $0.plan.didReceive(Int64(block.count), by: transfer) }
            await didWrite(block, rest.lowerBound)
            if isCutShort(asked) { return }
        }
        try finish(asked)
    }

    private func begin(
        _ asked: Range<Int64>, fromStart: Bool
    ) async throws(FillFailure) -> any BlobDownload {
        let (total, validator) = fill.read { ($0.total, $0.validator) }
        let start = fromStart ? 0 : asked.lowerBound
        let end = !fromStart && asked.upperBound < total ?? .max ? asked.upperBound : nil
        let download: any BlobDownload
        do throws(UpstreamError) {
            download = try await ask { [site] () async throws(UpstreamError) in
                try await site.upstream.blob(
                    site.fill.digest, in: site.repository, from: start, to: end,
                    ifStill: start > 0 ? validator : nil)
            }
        } catch {
            throw .upstream(error)
        }
        do throws(FillFailure) {
            try check(download, asked, total, validator)
        } catch {
            download.cancel()
            throw error
        }
        fill.update { state in
            state.didOpen(upload, total: download.totalSize)
            if state.validator == nil { state.validator = download.validator }
        }
        return download
    }

    private func check(
        _ download: any BlobDownload, _ asked: Range<Int64>, _ total: Int64?, _ validator: String?
    ) throws(FillFailure) {
        if let total, let stated = download.totalSize, stated != total {
            throw .changed("the blob's size changed: \(total), \(stated) bytes")
        }
        if download.totalSize == 0, !fill.digest.isOfNothing {
            throw .upstream(UpstreamError(.unavailable, "upstream sent nothing of the blob"))
        }
        if let stated = download.totalSize, asked.lowerBound > stated {
            throw .changed("more bytes were received than the \(stated) that the blob has")
        }
        guard download.offset <= asked.lowerBound else {
            throw .upstream(
                UpstreamError(.invalid, "the answer begins past what was asked for"))
        }
        guard download.offset < asked.lowerBound else { return }
        if transfer.isForRange { throw .noRanges }
        if let validator, let new = download.validator, new != validator {
            throw .changed("the blob changed upstream")
        }
    }

    private func next(of download: any BlobDownload) async throws(FillFailure) -> [UInt8]? {
        let isLive = transfer.isForRange || fill.read { $0.isReadThrough }
        let outcome: Result<[UInt8]?, UpstreamError> = await UpstreamPriority.$current.withValue(
            isLive ? .live : .background
        ) {
            do throws(UpstreamError) {
                return .success(try await download.next())
            } catch {
                return .failure(error)
            }
        }
        do { return try outcome.get() } catch { throw .upstream(error) }
    }

    /// A range that was named is waited for in any case.
    private func ask(
        _ question: @escaping @Sendable () async throws(UpstreamError) -> any BlobDownload
    ) async throws(UpstreamError) -> any BlobDownload {
        transfer.isForRange
            ? try await question() : try await fill.ask(urgentlyIf: { $0.isReadThrough }, question)
    }

    private func write(_ block: [UInt8], at offset: Int64) async throws(FillFailure) {
        do throws(StorageError) {
            if let former { try await compare(block, at: offset, with: former) }
            try await upload.write(block, at: offset)
        } catch {
            throw .storage(error)
        }
    }

    /// Whether all is there that has been left to this transfer of what it asked for.
    private func isCutShort(_ asked: Range<Int64>) -> Bool {
        let rest = rest
        return rest.isEmpty && rest.upperBound < min(asked.upperBound, fill.size ?? .max)
    }

    /// The download has come to its end.
    private func finish(_ asked: Range<Int64>) throws(FillFailure) {
        let rest = rest
        if rest.upperBound == .max {
            fill.update { $0.plan.learn(total: rest.lowerBound) }
        } else if !rest.isEmpty {
            throw .upstream(
                UpstreamError(
                    .unavailable,
                    "the blob ended after \(rest.lowerBound) of \(fill.size ?? 0) bytes"))
        }
    }

    /// Tells those who were shown something else of it.
    private func compare(
        _ block: [UInt8], at offset: Int64, with former: Former
    ) async throws(StorageError) {
        let shown = offset..<min(offset + Int64(block.count), former.arrived.end(from: offset))
        guard !shown.isEmpty else { return }
        var compared: Int64 = 0
        while compared < shown.count {
            let start = Int(compared)
            let old = try await former.object.read(
                at: offset + compared, limit: Int(shown.count) - start)
            let same = zip(old, block[start...]).prefix { $0 == $1 }.count
            compared += Int64(same)
            if same < old.count || old.isEmpty {
                let divergence = offset + compared
                return fill.update { $0.didDiverge(at: divergence) }
            }
        }
    }

    // MARK: Between attempts

    /// Waits before the next attempt, where another one makes sense.
    private func pause(
        after failure: FillFailure, failures: Int, since start: WallTime
    ) async throws(FillFailure) {
        guard case .upstream(let error) = failure, failures < Self.attemptLimit else {
            throw failure
        }
        let hasBytes = fill.read { $0.plan.arrived.count > 0 }
        let delay = error.retryAfter ?? .zero
        switch error.code {
        case .unavailable:
            let end = site.time.now + delay
            guard delay <= Self.patienceLimit, hasBytes || end - start < Self.firstByteLimit
            else { throw failure }
        case .denied, .rateLimited, .invalid:
            // A link that has expired, or a server that errs: another attempt begins with a new
            // token and a new link.
            guard hasBytes, delay <= Self.patienceLimit else { throw failure }
        case .notFound: throw failure
        }
        site.logger.info(
            "upstream broke off a blob; it is taken up again",
            LogField("digest", fill.digest.text), LogField("received", rest.lowerBound),
            LogField("error", error.reason))
        let pause = Self.firstPause * (1 << failures) * Double.random(in: 0.5...1.5)
        do {
            try await site.time.sleep(for: max(delay, pause))
        } catch {
            throw .stopped
        }
    }
}
