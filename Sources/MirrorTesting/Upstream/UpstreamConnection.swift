internal import MirrorHTTP
internal import MirrorSystem

/// One client's connection: reads requests and sends answers, blocking.
struct UpstreamConnection {
    let socket: BlockingSocket
    let number: Int
    let host: String
    let core: UpstreamCore

    /// Serves until either side ends.
    func run() {
        var received: [UInt8] = []
        while let request = nextRequest(&received) {
            let exchange = core.with { $0.begin(request, host: host) }
            let goesOn = send(exchange)
            core.with { $0.update(exchange.number) { $0.isAnswered = true } }
            if !goesOn { return }
        }
    }

    // MARK: Requests

    /// The next request, its body skipped; nil when there is none or it makes no sense.
    private func nextRequest(_ received: inout [UInt8]) -> UpstreamRequest? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let headEnd = received.firstRange(of: end) {
                let head = String(decoding: received[..<headEnd.lowerBound], as: UTF8.self)
                guard let request = parse(head) else { return nil }
                let bodyCount = request.field("Content-Length").flatMap(Int.init) ?? 0
                received.removeSubrange(..<headEnd.upperBound)
                return skip(bodyCount, &received) ? request : nil
            }
            guard let more = try? socket.receive(limit: 16 << 10), !more.isEmpty else { return nil }
            received += more
        }
    }

    private func skip(_ count: Int, _ received: inout [UInt8]) -> Bool {
        while received.count < count {
            guard let more = try? socket.receive(limit: 16 << 10), !more.isEmpty else {
                return false
            }
            received += more
        }
        received.removeSubrange(..<count)
        return true
    }

    private func parse(_ head: String) -> UpstreamRequest? {
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
        guard let first = lines.popFirst()?.split(separator: " "), first.count == 3 else {
            return nil
        }
        let fields = lines.compactMap { line -> FieldLine? in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return FieldLine(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        return UpstreamRequest(
            method: HTTPMethod(String(first[0])), target: String(first[1]), fields: fields,
            connection: number)
    }

    // MARK: Answers

    /// Sends one answer; false when the connection ends with it.
    private func send(_ exchange: UpstreamState.Exchange) -> Bool {
        let answer = exchange.answer
        for gate in exchange.gates where gate.pass(-1) == nil { return false }
        if let raw = answer.raw {
            guard sendAll(raw, by: answer.pieceByteLimit) else { return false }
        } else {
            guard sendAll(answer.head, by: answer.pieceByteLimit) else { return false }
            if !answer.isHeadOnly, !sendBody(exchange) { return false }
        }
        switch answer.ending {
        case .keepAlive: return true
        case .close, .closeAfter: return false
        case .resetAfter:
            socket.reset()
            return false
        case .stallAfter:
            waitForPeer()
            return false
        }
    }

    private func sendBody(_ exchange: UpstreamState.Exchange) -> Bool {
        let answer = exchange.answer
        var offset = answer.range.lowerBound
        let count = min(Int64(answer.range.count), answer.ending.bodyByteLimit)
        let end = offset + count
        while true {
            guard let limit = pass(offset, exchange.gates) else { return false }
            if offset >= end { break }
            let next = min(end, limit, offset + Int64(answer.pieceByteLimit))
            guard let sent = sendPiece(offset..<next, exchange) else { return false }
            offset = sent
        }
        let isWhole = offset == answer.range.upperBound
        if case .chunked = answer.framing, isWhole {
            return sendAll(Array("0\r\n\r\n".utf8), by: answer.pieceByteLimit)
        }
        return true
    }

    /// How far all gates let the body go; nil when it has to give up.
    private func pass(_ offset: Int64, _ gates: [TransferGate]) -> Int64? {
        var limit = Int64.max
        for gate in gates {
            guard let next = gate.pass(offset) else { return nil }
            limit = min(limit, next)
        }
        return limit
    }

    /// Sends the start of `range`, all of it or one chunk; nil when the client is gone.
    ///
    /// - Returns: the offset behind what was sent.
    private func sendPiece(
        _ range: Range<Int64>, _ exchange: UpstreamState.Exchange
    ) -> Int64? {
        let answer = exchange.answer
        var range = range
        var before: [UInt8] = []
        var after: [UInt8] = []
        if case .chunked(let size) = answer.framing {
            range = range.lowerBound..<min(range.upperBound, range.lowerBound + Int64(size))
            before = Array("\(String(range.count, radix: 16))\r\n".utf8)
            after = Array("\r\n".utf8)
        }
        let bytes = answer.bytes(in: range)
        // Counted first: a client that has the bytes finds them in the log.
        count(Int64(bytes.count), exchange)
        var sent = 0
        do {
            let whole = before + bytes + after
            while sent < whole.count { sent = try socket.send(whole, from: sent) }
        } catch {
            let taken = min(bytes.count, max(0, sent - before.count))
            count(Int64(taken - bytes.count), exchange)
            return nil
        }
        return range.upperBound
    }

    private func count(_ bytes: Int64, _ exchange: UpstreamState.Exchange) {
        core.with { $0.update(exchange.number) { $0.bodyBytesSent += bytes } }
    }

    private func sendAll(_ bytes: [UInt8], by pieceByteLimit: Int) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let piece = Array(bytes[sent..<min(bytes.count, sent + pieceByteLimit)])
            var start = 0
            do {
                while start < piece.count { start = try socket.send(piece, from: start) }
            } catch {
                return false
            }
            sent += piece.count
        }
        return true
    }

    /// Stays silent until the client goes away or the upstream stops.
    private func waitForPeer() {
        while let more = try? socket.receive(limit: 4096), !more.isEmpty {}
    }
}

extension [UInt8] {
    fileprivate func firstRange(of part: [UInt8]) -> Range<Int>? {
        guard count >= part.count else { return nil }
        for start in 0...(count - part.count) where self[start...].starts(with: part) {
            return start..<start + part.count
        }
        return nil
    }
}
