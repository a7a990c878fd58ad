public import MirrorCore

/// Writes every exchange to the log, and to an access log where there is one.
public struct RequestLog: ExchangeObserver {
    private let logger: Logger
    private let accessLog: (@Sendable ([UInt8]) -> Void)?

    /// Logs to `logger`, and lines of the combined form to `accessLog`.
    public init(_ logger: Logger, accessLog: (@Sendable ([UInt8]) -> Void)?) {
        self.logger = logger
        self.accessLog = accessLog
    }

    /// Writes one exchange down.
    public func didComplete(_ exchange: Exchange) {
        if let accessLog { accessLog(line(exchange)) }
        let level = level(of: exchange)
        guard logger.isEnabled(level) else { return }
        let message =
            exchange.failure != nil
            ? "response broken off"
            : exchange.status.code < 400 ? "response completed" : "response completed with error"
        logger.log(level, message, fields(of: exchange))
    }

    /// A client that leaves is none of the operator's business; a failure of ours is.
    private func level(of exchange: Exchange) -> LogLevel {
        exchange.status.code >= 500 ? .error : .info
    }

    private func fields(of exchange: Exchange) -> [LogField] {
        let request = exchange.request
        var fields = [
            LogField("http.request.id", exchange.id.description),
            LogField("http.request.method", request.method.name),
            LogField("http.request.host", request.fields[.host] ?? ""),
            LogField("http.request.uri", request.target),
            LogField("http.request.remoteaddr", exchange.remoteAddress),
            LogField("http.request.useragent", request.fields[.userAgent] ?? ""),
            LogField("http.response.status", exchange.status.code),
            LogField("http.response.written", exchange.bytesSent),
            LogField("http.response.duration", exchange.duration),
        ]
        if let user = exchange.user { fields.append(LogField("auth.user.name", user)) }
        fields += exchange.notes
        if let failure = exchange.failure { fields.append(LogField("error", failure)) }
        return fields
    }

    /// The client's name, where access control found one, or else its certificate's.
    private func user(_ exchange: Exchange) -> String? {
        let note = exchange.notes.first { $0.name == "auth.user.name" }
        if case .string(let name) = note?.value { return name }
        return exchange.user
    }

    private func line(_ exchange: Exchange) -> [UInt8] {
        let request = exchange.request
        let entry = AccessLogEntry(
            remoteAddress: exchange.remoteAddress, user: user(exchange), time: .now,
            method: request.method.name, target: request.target,
            protocolVersion: request.version.text, status: exchange.status.code,
            bytesSent: exchange.bytesSent, referer: request.fields[.referer],
            userAgent: request.fields[.userAgent])
        var bytes: [UInt8] = []
        entry.append(to: &bytes)
        return bytes
    }
}
