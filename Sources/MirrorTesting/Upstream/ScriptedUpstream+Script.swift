public import MirrorCore
internal import MirrorHTTP

extension ScriptedUpstream {
    // MARK: Faults

    /// Misbehaves in all these ways at once when a request matches. Of several rules for the
    /// same request the oldest one that is not used up applies.
    public func fail(
        _ filter: RequestFilter, with faults: UpstreamFault..., uses: RuleUses
    ) {
        core.with { $0.add(faults, on: filter, uses) }
    }

    /// Misbehaves in this way when a request matches; see ``fail(_:with:uses:)``.
    public func fail(
        _ filter: RequestFilter, with fault: UpstreamFault, _ uses: RuleUses = .always
    ) {
        core.with { $0.add([fault], on: filter, uses) }
    }

    /// Behaves again. Answers under way go on as they began.
    public func heal() {
        core.with { $0.removeFaults() }
    }

    // MARK: Gates

    /// Holds the content of a blob at `offset` until the gate is released. HEAD is not held.
    public func holdBlob(
        _ digest: Digest? = nil, at offset: Int64, _ uses: RuleUses = .always
    ) -> TransferGate {
        hold(.blob(digest).with(method: .get), limit: offset, uses)
    }

    /// Holds answers to these requests before their first byte. What they say was decided when
    /// the request arrived.
    public func hold(_ filter: RequestFilter, _ uses: RuleUses = .always) -> TransferGate {
        hold(filter, limit: -1, uses)
    }

    private func hold(
        _ filter: RequestFilter, limit: Int64, _ uses: RuleUses
    ) -> TransferGate {
        let gate = TransferGate(limit: limit)
        core.with { $0.add(gate, on: filter, uses) }
        return gate
    }
}
