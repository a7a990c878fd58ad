/// Brings one part of a blob from upstream into the growing file, through failures and breaks.
struct FillTransfer: Sendable {
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

    /// One download on its way.
    private struct Course {
        let download: any BlobDownload
        /// How many bytes come before those that are wanted next.
        var surplus: Int64
        /// Whether these are compared with what is there: upstream says that it changed.
        let isOther: Bool
        /// It ends at this place of the blob, or before.
        var end: Int64
    }

    var fill: Fill { site.fill }
    private var rest: Range<Int64> { fill.read { $0.plan.rest(of: transfer) } ?? 0..<0 }

    /// Receives until nothing of its part is left.
    ///
    /// - Parameter didWrite: told of each block with its place, in order.
    func run(
        _ didWrite: (_ block: [UInt8], _ offset: Int64) async -> Void = { _, _ in }
    ) async throws(FillFailure) {
        var patience = FillPatience(since: site.time.now)
        var asksForAll = false
        while !rest.isEmpty {
            let position = rest.lowerBound
            do throws(FillFailure) {
                return try await receive(fromStart: asksForAll, didWrite)
            } catch {
                asksForAll = error.mayBeOfRange && !transfer.isForRange
                try await pause(after: error, &patience, bringing: rest.lowerBound - position)
            }
        }
    }

    // MARK: One attempt

    /// - Parameter fromStart: whether all of the blob is asked for, since upstream seems not to
    ///   know how to send a part of it.
    private func receive(
        fromStart: Bool, _ didWrite: (_ block: [UInt8], _ offset: Int64) async -> Void
    ) async throws(FillFailure) {
        let asked = fill.update { $0.plan.willAsk(for: transfer) } ?? rest
        var course = try await begin(asked, fromStart: fromStart)
        let download = course.download
        defer { download.cancel() }
        async let _ = endWhenIdle(download)
        while var block = try await next(of: download) {
            while let part = try await takePart(of: &block, &course) {
                let offset = rest.lowerBound
                try await write(part, at: offset)
                let now = site.time.now
                fill.update { $0.plan.didReceive(Int64(part.count), by: transfer, at: now) }
                await didWrite(part, offset)
            }
            guard block.isEmpty, goesOn(&course) else { return }
        }
        try finish()
    }

    private func begin(
        _ asked: Range<Int64>, fromStart: Bool
    ) async throws(FillFailure) -> Course {
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
            try check(download, asked, total)
        } catch {
            download.cancel()
            throw error
        }
        let isOther = isOther(download.validator, than: validator)
        let isWhole = fromStart || download.offset < start
        fill.update { state in
            state.didOpen(upload, total: download.totalSize)
            state.validator = download.validator ?? state.validator
            if start > 0, !isOther {
                state.plan.learn(download.offset == start ? .given : .refused)
            }
        }
        return Course(
            download: download, surplus: asked.lowerBound - download.offset, isOther: isOther,
            end: isWhole ? .max : asked.upperBound)
    }

    private func check(
        _ download: any BlobDownload, _ asked: Range<Int64>, _ total: Int64?
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
        if transfer.isForRange, download.offset < asked.lowerBound { throw .noRanges }
    }

    private func isOther(_ validator: String?, than former: String?) -> Bool {
        guard let validator, let former else { return false }
        return validator != former
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

    /// The bytes of `block` that are to be written next. When there are none, either nothing of
    /// it is left, or the download brings nothing more that is wanted.
    private func takePart(
        of block: inout [UInt8], _ course: inout Course
    ) async throws(FillFailure) -> [UInt8]? {
        while !block.isEmpty {
            let rest = rest
            if course.surplus > 0 {
                let known = Array(block.prefix(Int(clamping: course.surplus)))
                block.removeFirst(known.count)
                if course.isOther { try await compare(known, at: rest.lowerBound - course.surplus) }
                course.surplus -= Int64(known.count)
            } else if rest.isEmpty {
                guard try takesUpMore(&course) else { return nil }
            } else if block.count <= rest.count {
                defer { block = [] }
                return block
            } else {
                defer { block.removeFirst(rest.count) }
                return Array(block.prefix(rest.count))
            }
        }
        return nil
    }

    // MARK: Beyond its part

    /// More has come than what the transfer was left: some of that may have been taken from it,
    /// or upstream takes no notice of where the range that was asked for ends.
    private func takesUpMore(_ course: inout Course) throws(FillFailure) -> Bool {
        let position = rest.upperBound
        if position == fill.size {
            throw .upstream(
                UpstreamError(.invalid, "more than the stated \(position) bytes came"))
        }
        if position >= course.end {
            course.end = .max
            fill.update { $0.plan.learn(.refused) }
        }
        return extend(&course)
    }

    /// Whether the download brings more that is wanted, or is at its end.
    private func goesOn(_ course: inout Course) -> Bool {
        let rest = rest
        let isCutShort = rest.isEmpty && rest.upperBound < min(course.end, fill.size ?? .max)
        return !isCutShort || extend(&course)
    }

    private func extend(_ course: inout Course) -> Bool {
        let end = course.end
        guard let skipped = fill.update({ $0.plan.extend(transfer, upTo: end) }) else {
            return false
        }
        course.surplus = skipped
        return true
    }

    /// The download has come to its end.
    private func finish() throws(FillFailure) {
        let rest = rest
        if rest.upperBound == .max {
            fill.update { $0.plan.learn(total: rest.lowerBound) }
        } else if !rest.isEmpty, !fill.read({ $0.plan.isToEnd(transfer) }) {
            throw .upstream(
                UpstreamError(
                    .unavailable,
                    "the blob ended after \(rest.lowerBound) of \(fill.size ?? 0) bytes"))
        }
    }

    /// Ends the download when it has become better to, as soon as that costs next to nothing.
    private func endWhenIdle(_ download: any BlobDownload) async {
        await fill.waitUnlessCancelled { $0.plan.isToEnd(transfer) }
        if fill.read({ $0.plan.isToEnd(transfer) }) { download.endWhenIdle() }
    }

    // MARK: Between attempts

    /// Waits before the next attempt, where another one makes sense.
    private func pause(
        after failure: FillFailure, _ patience: inout FillPatience, bringing byteCount: Int64
    ) async throws(FillFailure) {
        guard case .upstream(let error) = failure else { throw failure }
        let pause = patience.pause(
            after: error, bringing: byteCount, hasBytes: fill.read { $0.plan.arrived.count > 0 },
            at: site.time.now, chance: .random(in: 0.5...1.5))
        guard let pause else { throw failure }
        site.context.fillCounters.resumed.add()
        site.logger.info(
            "upstream broke off a blob; it is taken up again",
            LogField("digest", fill.digest.text), LogField("received", rest.lowerBound),
            LogField("error", error.reason))
        do {
            try await site.time.sleep(for: pause)
        } catch {
            throw .stopped
        }
    }
}
