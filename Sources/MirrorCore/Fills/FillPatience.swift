/// Whether a transfer that broke off is taken up again, and after how long. Decides; time and
/// chance are passed in.
//
//                          nothing has come of the blob yet     some of it has
//   unavailable            3 attempts, begun within 4 s         until nothing has come for 30 s
//   rate limited           –                                    the same, and when it may be asked
//   denied, invalid        –                                    3 attempts
//   not found              –                                    –
struct FillPatience {
    /// Failures in a row, with hardly a byte between them, after which it is given up.
    private static let attemptLimit = 3
    /// An attempt that brought fewer bytes than this counts as a failure in a row with the one
    /// before it: an upstream that lets bytes fall in drops does not hold a fill for ever.
    private static let progressByteCount: Int64 = 16 << 10
    private static let firstPause = Duration.milliseconds(200)
    private static let pauseLimit = Duration.seconds(5)
    /// While nobody has seen a byte, no further attempt begins later than this: clients of a
    /// mirror turn away after 30 seconds, and an attempt may take 25 of them.
    private static let firstByteLimit = Duration.seconds(4)
    /// Clients in the middle of a body wait for minutes, and lose what they have when it ends:
    /// an upstream that restarts, or fails over, is waited for.
    private static let stallLimit = Duration.seconds(30)
    /// The longest that upstream may ask to be left alone in the middle of a blob.
    private static let patienceLimit = Duration.seconds(60)

    private let start: WallTime
    private var lastProgress: WallTime
    private var failures = 0

    init(since start: WallTime) {
        self.start = start
        lastProgress = start
    }

    /// An attempt failed that had brought `byteCount` bytes.
    ///
    /// - Parameters:
    ///   - hasBytes: whether anything of the blob has come by now.
    ///   - chance: between 0.5 and 1.5; the pause's length depends on it.
    /// - Returns: how long to wait before the next; nil to give up.
    mutating func pause(
        after error: UpstreamError, bringing byteCount: Int64, hasBytes: Bool, at now: WallTime,
        chance: Double
    ) -> Duration? {
        if byteCount >= Self.progressByteCount {
            failures = 0
            lastProgress = now
        }
        failures += 1
        let delay = error.retryAfter ?? .zero
        guard mayGoOn(after: error.code, delay, hasBytes: hasBytes, at: now) else { return nil }
        let pause = min(Self.firstPause * (1 << min(failures, 16)), Self.pauseLimit)
        return max(delay, pause * chance)
    }

    private func mayGoOn(
        after code: UpstreamError.Code, _ delay: Duration, hasBytes: Bool, at now: WallTime
    ) -> Bool {
        guard hasBytes else {
            return code == .unavailable && failures < Self.attemptLimit
                && now + delay - start < Self.firstByteLimit
        }
        guard delay <= Self.patienceLimit else { return false }
        switch code {
        case .unavailable, .rateLimited:
            return failures < Self.attemptLimit || now - lastProgress < Self.stallLimit
        // A token or a link that has expired, or a server that errs: another attempt begins with
        // a new token and a new link.
        case .denied, .invalid: return failures < Self.attemptLimit
        case .notFound: return false
        }
    }
}
