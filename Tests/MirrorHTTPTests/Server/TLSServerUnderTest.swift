import MirrorCore
import MirrorTesting
import Synchronization

@testable import MirrorHTTP

/// A server that speaks TLS, with its certificate in a folder of its own.
struct TLSServerUnderTest {
    let folder: TemporaryFolder
    let tls: TLSServer
    let server: ServerUnderTest
    let log: RecordedLog

    /// Starts a server that tells each client who it is.
    init(
        _ limits: ServerLimits = ServerLimits(), time: any TimeSource = SystemTimeSource(),
        certificate: TestCertificate? = nil, _ change: (inout TLSServerSettings) -> Void = { _ in }
    ) async throws {
        try await self.init(limits, time: time, certificate: certificate, change) { request in
            .text(request.clientIdentity?.subject ?? "nobody")
        }
    }

    init(
        _ limits: ServerLimits = ServerLimits(), time: any TimeSource = SystemTimeSource(),
        certificate: TestCertificate? = nil,
        _ change: (inout TLSServerSettings) -> Void = { _ in },
        respond: @escaping @Sendable (Request) async -> Response
    ) async throws {
        folder = try TemporaryFolder()
        log = RecordedLog()
        let certificate = try certificate ?? TestCertificate(name: "first")
        var settings = TLSServerSettings(identity: try certificate.write(to: folder))
        change(&settings)
        tls = try TLSServer(settings, time: time, logger: log.logger)
        server = try await ServerUnderTest(tls: tls, limits, logger: log.logger, respond)
    }

    /// A client that has shaken hands.
    func connect(_ offer: SecureClient.Offer = .init()) async throws -> SecureClient {
        try await SecureClient.connect(to: server, offer)
    }

    /// Why a client that offers this does not get an answer.
    func refusal(_ offer: SecureClient.Offer) async -> String? {
        do {
            let client = try await connect(offer)
            // In TLS 1.3 a client may be refused after its side of the handshake is done.
            _ = try await client.ask("GET /")
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Remembers log records.
final class RecordedLog: LogSink {
    private struct State {
        var records: [LogRecord] = []
        var waiters: [(text: String, continuation: CheckedContinuation<LogRecord, Never>)] = []
    }

    private let state = Mutex(State())

    var logger: Logger { Logger(sink: self, level: .debug) }
    var records: [LogRecord] { state.withLock { $0.records } }

    func write(_ record: LogRecord) {
        let ready = state.withLock { state in
            state.records.append(record)
            let ready = state.waiters.filter { record.message.contains($0.text) }
            state.waiters.removeAll { record.message.contains($0.text) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: record) }
    }

    /// Waits for a record whose message contains `text`.
    func record(_ text: String) async -> LogRecord {
        await withCheckedContinuation { continuation in
            let found = state.withLock { state in
                let found = state.records.first { $0.message.contains(text) }
                if found == nil { state.waiters.append((text, continuation)) }
                return found
            }
            if let found { continuation.resume(returning: found) }
        }
    }
}

extension LogRecord {
    /// The text of its field `error`.
    var error: String {
        guard case .string(let text)? = fields.first(where: { $0.name == "error" })?.value else {
            return ""
        }
        return text
    }
}
