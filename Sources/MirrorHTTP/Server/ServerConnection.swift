internal import MirrorCore

/// One client's connection: requests in, answers out, one after another.
// Safe: used on its loop only, which the channel asserts.
final class ServerConnection: @unchecked Sendable {
    let stream: ByteStream
    let server: ServerContext
    let remoteAddress: String
    private let input: ConnectionInput
    private let output: ConnectionOutput
    private let clock = ContinuousClock()
    /// Who the client has shown to be.
    var clientIdentity: TLSClientIdentity?
    /// Nothing is lost if the connection ends now.
    var isWaitingForRequest = false
    private var isLingering = false
    private var isEnding = false
    /// The request that waits for the responder's answer.
    private var unanswered: (request: Request, start: ContinuousClock.Instant)?
    /// The request that is being answered, for the numbers.
    private var mark: ExchangeCounters.Mark?
    private lazy var answerTimer = AnswerTimer(
        on: server.loop, server.limits.answerTimeout
    ) { [weak self] in self?.answerIsLate() }

    init(_ channel: Channel, remoteAddress: String, server: ServerContext) {
        stream = ByteStream(channel)
        input = ConnectionInput(stream, limits: server.limits)
        output = ConnectionOutput(stream, timeout: server.limits.silenceTimeout)
        self.remoteAddress = remoteAddress
        self.server = server
    }

    /// Serves the connection to its end.
    func run() async {
        do throws(TransportError) {
            if let tls = server.tls { try await shakeHands(over: tls) }
            while !isEnding || input.hasMore, let head = try await nextHead() {
                guard try await serve(head) else { break }
            }
            try await output.flush()
        } catch {
            // The client has left or fallen silent; whatever was under way has been reported.
        }
        if let mark { server.counters?.abandon(mark) }
        mark = nil
        close()
    }

    /// Ends the connection once the request under way, if any, is answered.
    func endSoon() {
        isEnding = true
        if isWaitingForRequest || isLingering { stream.channel.interruptReading() }
    }

    /// Ends the connection now.
    func close() {
        stream.close()
    }

    // MARK: Requests

    private func nextHead() async throws(TransportError) -> RequestHead? {
        var start: ContinuousClock.Instant?
        while true {
            do throws(HeadError) {
                if let head = try input.bufferedHead() { return head }
            } catch {
                try await refuse(error)
                return nil
            }
            try await output.flush()
            do throws(TransportError) {
                isWaitingForRequest = !input.hasMore
                defer { isWaitingForRequest = false }
                guard try await input.receiveHeadBytes(since: &start) else { return nil }
            } catch {
                if error == .timedOut, start != nil {
                    try await refuse(HeadError(.requestTimeout, "the request did not come in time"))
                }
                throw error
            }
        }
    }

    /// Answers one request; false when the connection ends with it.
    private func serve(_ head: RequestHead) async throws(TransportError) -> Bool {
        let start = clock.now
        let body: IncomingBody?
        do throws(HeadError) {
            body = try incomingBody(of: head)
        } catch {
            try await refuse(error)
            return false
        }
        mark = server.counters?.begin(head, headByteCount: input.headByteCount)
        let request = Request(
            head: head, remoteAddress: remoteAddress, clientIdentity: clientIdentity, body: body)
        guard let response = try await answer(to: request, since: start) else { return false }
        let isReadable = await body?.skipRest() ?? true
        let framing = BodyFraming(sending: response, to: head)
        let isLast = !head.keepsAlive || isEnding || !isReadable || framing == .untilClose
        var failure: SendError?
        do throws(SendError) {
            try await output.send(
                response, framedBy: framing, to: head, isLast: isLast,
                dateLine: server.dateLine())
        } catch {
            failure = error
        }
        report(request, response, since: start, failure: failure)
        if failure != nil {
            // Where the end of the connection is the body's, the body must not seem whole.
            if framing == .untilClose { stream.breakOff() }
            return false
        }
        if !isReadable { try await endWithUnreadInput() }
        return !isLast
    }

    /// The responder's answer; nil when it did not come in time, and the client has been told so.
    private func answer(
        to request: Request, since start: ContinuousClock.Instant
    ) async throws(TransportError) -> Response? {
        unanswered = (request, start)
        answerTimer.start()
        defer { answerTimer.stop() }
        let response = try await response(to: request)
        let isInTime = unanswered != nil
        unanswered = nil
        return isInTime ? response : nil
    }

    /// Answers that wait to leave together with this one do not wait for long: they leave when it
    /// takes more than a turn of the loop.
    private func response(to request: Request) async throws(TransportError) -> Response {
        let responder = server.responder
        guard output.hasWaiting else { return await responder.respond(to: request) }
        let arrival = Arrival()
        async let response = arrival.response(of: responder, to: request)
        await Task.yield()
        if !arrival.hasCome { try await output.flush() }
        return await response
    }

    private func answerIsLate() {
        guard let (request, start) = unanswered else { return }
        unanswered = nil
        Task(executorPreference: server.loop) { [self] in await endUnanswered(request, start) }
    }

    /// Ends the connection with an error where the responder has no answer yet. Its work goes on,
    /// for whoever asks next.
    private func endUnanswered(_ request: Request, _ start: ContinuousClock.Instant) async {
        let response = response(
            HeadError(.serviceUnavailable, "the answer did not come in time"))
        do throws(TransportError) {
            try await send(last: response, to: request.head)
            report(request, response, since: start, failure: nil)
            try await endWithUnreadInput()
        } catch {
            report(request, response, since: start, failure: .transport(error))
        }
        close()
    }

    private func incomingBody(of head: RequestHead) throws(HeadError) -> IncomingBody? {
        let hosts = head.fields.count(of: .host)
        guard hosts == 1 || hosts == 0 && head.version == .http10 else {
            throw HeadError("a request has exactly one Host field")
        }
        let framing = try BodyFraming(request: head)
        if framing == .none { return nil }
        let awaitsContinue = head.fields.contains(.expect)
        guard !awaitsContinue || head.fields.contains(.expect, token: "100-continue") else {
            throw HeadError(.expectationFailed, "the only expectation known is 100-continue")
        }
        return IncomingBody(
            framing, awaitsContinue: awaitsContinue && head.version == .http11, from: input,
            stream: stream, limits: server.limits)
    }

    private func report(
        _ request: Request, _ response: Response, since start: ContinuousClock.Instant,
        failure: SendError?
    ) {
        let duration = clock.now - start
        if let mark {
            server.counters?.end(
                mark, response.status, bytesSent: output.bodyByteCount, after: duration)
            self.mark = nil
        }
        server.observer?.didComplete(
            Exchange(
                id: request.id, request: request.head, remoteAddress: remoteAddress,
                user: response.user ?? clientIdentity?.name, status: response.status,
                bytesSent: output.bodyByteCount, duration: duration,
                notes: response.notes, failure: failure?.description))
    }

    // MARK: What is no request

    /// Answers what cannot be understood, and ends the connection.
    func refuse(_ error: HeadError) async throws(TransportError) {
        try await send(last: response(error), to: RequestHead(method: .get, target: "-"))
        try await endWithUnreadInput()
    }

    private func response(_ error: HeadError) -> Response {
        server.responder.refusal(error.status, error.description)
    }

    private func send(last response: Response, to head: RequestHead) async throws(TransportError) {
        do throws(SendError) {
            try await output.send(
                response, framedBy: BodyFraming(sending: response, to: head), to: head,
                isLast: true, dateLine: server.dateLine())
        } catch {
            throw .aborted
        }
    }

    private func endWithUnreadInput() async throws(TransportError) {
        try await output.flush()
        await linger()
    }

    /// Ends sending, and leaves the client time to receive what was sent.
    func linger() async {
        stream.endSending()
        if isEnding { return }
        isLingering = true
        await input.drainAfterEnd()
    }
}

/// Whether an answer has come.
// Safe: used on one connection's loop only.
private final class Arrival: @unchecked Sendable {
    private(set) var hasCome = false

    func response(of responder: any Responder, to request: Request) async -> Response {
        defer { hasCome = true }
        return await responder.respond(to: request)
    }
}
