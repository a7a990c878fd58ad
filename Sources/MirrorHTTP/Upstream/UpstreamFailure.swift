internal import FoundationEssentials
internal import MirrorCore

/// Makes the errors of an upstream out of what its servers answer.
enum UpstreamFailure {
    /// How much of an error's body is read, in bytes.
    private static let bodyByteLimit = 64 << 10
    /// How much of what an upstream says is repeated, in characters.
    private static let messageLimit = 400

    /// The error that a response is. Reads its body, within limits, for the reason.
    static func error(
        for response: ClientResponse, to method: HTTPMethod, now: WallTime = .now
    ) async -> UpstreamError {
        let bytes: [UInt8]?
        do {
            bytes = try await response.body.collect(limit: bodyByteLimit)
        } catch {
            bytes = nil
        }
        return error(
            for: response.head, of: response.url, to: method, saying: message(bytes ?? []),
            now: now)
    }

    /// The error that the head of a response states.
    static func error(
        for head: ResponseHead, of url: HTTPURL, to method: HTTPMethod,
        saying message: String? = nil, now: WallTime = .now
    ) -> UpstreamError {
        var reason = "\(method) \(url): \(head.status)"
        if let message { reason += ": \(message)" }
        var delay = RetryAfter.delay(head.fields[.retryAfter], now: now)
        // Some say it in a field of their own.
        if head.status.code == 429 { delay = delay ?? RateLimit(head.fields, now: now)?.reset }
        return UpstreamError(code(of: head.status), reason, retryAfter: delay)
    }

    /// The error that a failure to get a response is.
    static func error(_ error: ClientError) -> UpstreamError {
        switch error.code {
        case .malformed, .redirect: UpstreamError(.invalid, error.reason)
        case .unreachable, .insecure, .timedOut, .broken, .cancelled:
            UpstreamError(.unavailable, error.reason)
        }
    }

    static func code(of status: HTTPStatus) -> UpstreamError.Code {
        switch status.code {
        case 404: .notFound
        case 401, 403: .denied
        case 429: .rateLimited
        case 408, 500...599: .unavailable
        default: .invalid
        }
    }

    /// What the body of an error says, on one line: the first error of an OCI error body (code
    /// and message), or what token services write.
    static func message(_ bytes: [UInt8]) -> String? {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
            return nil
        }
        let first = answer.errors?.first
        let parts = [
            first?.code ?? answer.error, first?.message ?? answer.details ?? answer.message,
        ]
        let text = printable(parts.compactMap { $0 }.joined(separator: ": "))
        return text.isEmpty ? nil : text
    }

    /// Without control characters, and not too long.
    static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(messageLimit).filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private struct Answer: Decodable {
        let errors: [Entry]?
        let error: String?
        let details: String?
        let message: String?

        struct Entry: Decodable {
            let code: String?
            let message: String?
        }
    }
}
