extension UpstreamAnswer {
    /// Makes the answer misbehave.
    mutating func apply(_ fault: UpstreamFault) {
        switch fault {
        case .reset(let count): ending = .resetAfter(count)
        case .close(let count): ending = .closeAfter(count)
        case .stall(let count): ending = .stallAfter(count)
        case .noAnswer:
            raw = []
            ending = .close
        case .silence:
            raw = []
            ending = .stallAfter(0)
        case .truncate(let size):
            range = range.clamped(to: min(size, range.lowerBound)..<size)
            framing = .length(Int64(range.count))
        case .flipBit(let offset): flippedOffset = offset
        case .garbage(let bytes):
            raw = bytes
            ending = .close
        case .contentLength(let length):
            framing = .length(length)
            ending = .close
        case .contentRange(let value): set("Content-Range", value)
        case .omitField(let name): remove(name)
        case .field(let name, let value): set(name, value)
        case .chunked(let size): framing = .chunked(size: max(1, size))
        case .untilClose:
            framing = .untilClose
            ending = .close
        case .closeBehind: ending = .close
        case .pieces(let size): pieceByteLimit = max(1, size)
        case .ignoreRange: break  // Done where the range is read.
        case .status, .answer, .challenge, .tooManyRequests, .bareLineFeed429, .redirect:
            replace(for: fault)
        }
    }

    /// Puts another answer in this one's place.
    private mutating func replace(for fault: UpstreamFault) {
        let isHeadOnly = isHeadOnly
        switch fault {
        case .status(let status): self = Self.refusal(status)
        case .answer(let status, let type, let body):
            self = UpstreamAnswer(status, [FieldLine("Content-Type", type)], SampleBlob(body))
        case .challenge(let realm):
            self = UpstreamAnswer(401, code: "UNAUTHORIZED")
            set("WWW-Authenticate", "Bearer realm=\"\(realm)\",service=\"elsewhere\"")
        case .tooManyRequests(let delay): self = .rateLimited(retryAfter: delay)
        case .bareLineFeed429(let delay):
            self = UpstreamAnswer(
                429, [FieldLine("Content-Type", "text/plain; charset=utf-8")],
                SampleBlob("Too Many Requests (HAP429).\n"))
            if let delay { set("Retry-After", "\(delay)") }
            lineEnd = "\n"
        case .redirect(let status, let location):
            self = UpstreamAnswer(status, [FieldLine("Location", location)])
        default: break
        }
        self.isHeadOnly = isHeadOnly
    }

    /// As Docker Hub answers who has pulled too often.
    static func rateLimited(retryAfter delay: Int?) -> UpstreamAnswer {
        var answer = UpstreamAnswer(
            429, code: "TOOMANYREQUESTS", "You have reached your pull rate limit.")
        if let delay { answer.set("Retry-After", "\(delay)") }
        return answer
    }

    private static func refusal(_ status: Int) -> UpstreamAnswer {
        switch status {
        case 401: UpstreamAnswer(401, code: "UNAUTHORIZED", "authentication required")
        case 403: UpstreamAnswer(403, code: "DENIED", "requested access is denied")
        case 404: UpstreamAnswer(404, code: "NAME_UNKNOWN", "not known to registry")
        case 405: UpstreamAnswer(405, code: "UNSUPPORTED", "the operation is unsupported")
        default: UpstreamAnswer(status, code: "UNAVAILABLE")
        }
    }
}
