/// What a credential helper gave for one host, and whether it is to be run. Time is passed in, in
/// nanoseconds.
//
//   asked for credentials        held and within their lifetime: those
//                                else, unless it failed a moment ago: run
//                                else: those that are held, or nobody's
//   asked for others than those  others are held meanwhile: those
//   that were refused            else, unless it failed or was run for that a moment ago: run
//                                else: there are no others
struct HelperRecord {
    /// What is to be done for who needs credentials.
    enum Step: Hashable {
        case use(RegistryCredentials?)
        case run
    }

    /// How long what it gives is kept; nil for ever, 0 not at all.
    private let lifetime: UInt64?
    private var held: (credentials: RegistryCredentials, until: UInt64)?
    private var failures = BackOff()
    private var refusals = BackOff()

    init(lifetime: UInt64?) {
        self.lifetime = lifetime
    }

    /// The secret that is held, which nobody is to read in a log.
    var current: RegistryCredentials? { held?.credentials }

    func step(refused: RegistryCredentials?, at now: UInt64) -> Step {
        let isReplaced = held != nil && held?.credentials != refused
        if let refused, !isReplaced {
            return failures.isOver(at: now) && refusals.isOver(at: now) ? .run : .use(refused)
        }
        if let held, now < held.until { return .use(held.credentials) }
        return failures.isOver(at: now) ? .run : .use(held?.credentials)
    }

    /// It was run, because of what was `refused` or without such a cause.
    ///
    /// - Returns: the credentials to go on with.
    mutating func didRun(
        _ answer: HelperAnswer, because refused: RegistryCredentials?, at now: UInt64
    ) -> RegistryCredentials? {
        if refused != nil { refusals.begin(at: now) }
        switch answer {
        case .credentials(let credentials):
            failures = BackOff()
            held = (credentials, until: end(from: now))
            if lifetime == 0 { held = nil }
            return credentials
        case .none:
            held = nil
        case .failed:
            // What is only too old may still do; what the upstream refused will not.
            if held?.credentials == refused { held = nil }
        }
        failures.begin(at: now)
        return held?.credentials
    }

    private func end(from now: UInt64) -> UInt64 {
        guard let lifetime else { return .max }
        let (end, overflow) = now.addingReportingOverflow(lifetime)
        return overflow ? .max : end
    }
}
