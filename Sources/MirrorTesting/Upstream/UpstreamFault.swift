/// One way in which an upstream misbehaves.
///
/// Where it says *body*, bytes are counted from the first one of this answer; where it says
/// *content*, they are counted from the first one of the whole blob or manifest.
public enum UpstreamFault: Hashable, Sendable {
    // MARK: The answer ends early

    /// Breaks the connection with a reset after that many bytes of the body.
    case reset(after: Int64)
    /// Closes the connection after that many bytes of the body, without a word.
    case close(after: Int64)
    /// Sends that many bytes of the body and then nothing more, the connection open, until the
    /// upstream stops.
    case stall(after: Int64)
    /// Takes the request and closes the connection without an answer.
    case noAnswer
    /// Takes the request and says nothing, the connection open, until the upstream stops.
    case silence
    /// The content ends after that many bytes, and the length says the same: a whole answer
    /// with the wrong bytes.
    case truncate(to: Int64)

    // MARK: The bytes are wrong

    /// Turns over the lowest bit of the byte of the content at that offset.
    case flipBit(at: Int64)
    /// Sends these bytes in place of any answer, then closes.
    case garbage([UInt8])

    // MARK: The head is wrong

    /// Answers with this status, an error body and nothing of what was asked for.
    case status(Int)
    /// Answers with this status and body, whatever was asked for.
    case answer(status: Int, contentType: String, body: String)
    /// Sends what was asked for under this `Content-Length`.
    case contentLength(Int64)
    /// Answers a range with everything and 200.
    case ignoreRange
    /// Sends the range that was asked for under this `Content-Range`.
    case contentRange(String)
    /// Leaves out the header field of this name.
    case omitField(String)
    /// Sends this header field, in place of what it would be.
    case field(String, String)
    /// Answers 401 and sends the client to this realm for a token.
    case challenge(realm: String)
    /// Answers 429 with `Retry-After` as Docker Hub's rate limit does.
    case tooManyRequests(retryAfter: Int?)
    /// Answers 429 as Docker Hub's limit against abuse does: text, and lines that end in LF.
    case bareLineFeed429(retryAfter: Int?)
    /// Answers with a redirect of this status to this place.
    case redirect(Int, to: String)

    // MARK: The framing is unusual

    /// Sends chunks of that many bytes each, and no length.
    case chunked(size: Int)
    /// Sends no length: the body ends with the connection.
    case untilClose
    /// Ends the connection after a whole answer that did not say so.
    case closeBehind
    /// Hands the head and the body to the kernel in pieces of that many bytes, each as a
    /// packet of its own.
    case pieces(of: Int)
}

/// How often a rule is used.
public struct RuleUses: Hashable, Sendable {
    /// Matching requests that pass unharmed before the first use.
    var skipped: Int
    /// Uses after that; nil without end.
    var count: Int?

    /// For every matching request.
    public static let always = RuleUses(skipped: 0, count: nil)
    /// For the first matching request only.
    public static let once = times(1)

    /// For the first `count` matching requests.
    public static func times(_ count: Int) -> RuleUses { RuleUses(skipped: 0, count: count) }

    /// The same, after `skipped` matching requests have passed unharmed.
    public func after(_ skipped: Int) -> RuleUses {
        RuleUses(skipped: skipped, count: count)
    }

    /// Notes one matching request and says whether the rule is for it.
    mutating func take() -> Bool {
        if skipped > 0 {
            skipped -= 1
            return false
        }
        guard let count else { return true }
        self.count = max(0, count - 1)
        return count > 0
    }
}
