import MirrorHTTP

extension ConfigurationDecoder {
    /// What a mirror's clients wait for an answer before they turn to their next registry.
    private static let clientPatience = Duration.seconds(30)

    /// How long one registry is waited for.
    mutating func timeouts(_ upstream: ConfigurationSection?) -> ClientTimeouts {
        var timeouts = ClientTimeouts()
        guard let section = upstream?.section("timeouts") else { return timeouts }
        timeouts.connect = timeout("connect", in: section) ?? timeouts.connect
        timeouts.handshake = timeout("handshake", in: section) ?? timeouts.handshake
        timeouts.responseHead = timeout("head", in: section) ?? timeouts.responseHead
        timeouts.bodySilence = timeout("stall", in: section) ?? timeouts.bodySilence
        timeouts.bodyCrawl = timeout("crawl", in: section, orZero: true) ?? timeouts.bodyCrawl
        timeouts.answer = timeout("answer", in: section) ?? timeouts.answer
        compare(timeouts, section)
        return timeouts
    }

    private mutating func timeout(
        _ name: String, in section: ConfigurationSection, orZero: Bool = false
    ) -> Duration? {
        guard let timeout = duration(name, in: section), let node = section[name] else {
            return nil
        }
        let isOff = orZero && timeout == .zero
        guard isOff || (.milliseconds(100) ... .seconds(3600)).contains(timeout) else {
            let zero = orZero ? ", or 0s for none" : ""
            expected("a duration from 100ms to 1h\(zero)", section.path(of: name), node)
            return nil
        }
        return timeout
    }

    /// Warns of what cannot be meant.
    private mutating func compare(_ timeouts: ClientTimeouts, _ section: ConfigurationSection) {
        if timeouts.answer >= Self.clientPatience, let position = section.position(of: "answer") {
            warn(
                "\(section.path(of: "answer")) is 30s or more: clients of a mirror do not wait so "
                    + "long, and ask their next registry", at: position)
        }
        let parts = [
            ("connect", timeouts.connect), ("handshake", timeouts.handshake),
            ("head", timeouts.responseHead),
        ]
        for (name, timeout) in parts where timeout > timeouts.answer {
            guard let position = section.position(of: name) else { continue }
            warn(
                "\(section.path(of: name)) is longer than answer, which ends the waiting first",
                at: position)
        }
    }
}
