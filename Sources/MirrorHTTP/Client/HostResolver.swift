internal import MirrorSystem
internal import Synchronization

/// Addresses of hosts, remembered for a while; shared by all loops of a client.
///
/// The system's resolver may block for very long, so it runs on the blocking pool, once at a time
/// for a name, and those who ask wait no longer than they want. While a name cannot be looked up
/// the addresses it had go on to be used.
final class HostResolver: Sendable {
    typealias Outcome = Result<[SocketAddress], NameError>

    private struct Entry {
        var addresses: [SocketAddress] = []
        var freshUntil: UInt64 = 0
        var lookup: SharedOutcome<Outcome>?
    }

    /// How long an answer is used without asking again, in nanoseconds.
    private static let lifetime: UInt64 = 30_000_000_000
    /// Names that are remembered; a mirror talks to a handful.
    private static let nameLimit = 256

    private let entries = Mutex<[String: Entry]>([:])
    private let lookUp: @Sendable (String) -> Outcome
    private let now: @Sendable () -> UInt64

    /// A resolver that asks `lookUp`, which may block.
    init(
        now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds },
        lookUp: @escaping @Sendable (String) -> Outcome = systemLookUp
    ) {
        self.now = now
        self.lookUp = lookUp
    }

    /// The addresses of `host` at `port`, families alternating, the preferred one first. Call on
    /// an event loop.
    func addresses(
        of host: String, port: UInt16, on loop: EventLoop, deadline: Deadline
    ) async throws(ClientError) -> [SocketAddress] {
        if let numeric = SocketAddress(host: host, port: port) { return [numeric] }
        let (fresh, lookup) = freshOrLookup(of: host)
        if let fresh { return fresh.map { $0.with(port: port) } }

        switch await lookup?.value(on: loop, within: deadline.remaining) {
        case .success(let addresses): return addresses.map { $0.with(port: port) }
        case .failure(let error):
            throw ClientError(.unreachable, "cannot look up \(host): \(error)")
        case nil where Task.isCancelled:
            throw ClientError(.cancelled, "cancelled looking up \(host)")
        case nil: throw ClientError(.timedOut, "timed out looking up \(host)")
        }
    }

    /// The addresses at hand, or the look-up to wait for.
    private func freshOrLookup(
        of host: String
    ) -> (addresses: [SocketAddress]?, lookup: SharedOutcome<Outcome>?) {
        entries.withLock { entries in
            if entries.count >= Self.nameLimit, entries[host] == nil { entries = [:] }
            let entry = entries[host, default: Entry()]
            if entry.freshUntil > now(), !entry.addresses.isEmpty { return (entry.addresses, nil) }
            if let lookup = entry.lookup { return (nil, lookup) }
            let lookup = SharedOutcome(on: BlockingPool.shared) { [self] in
                remember(lookUp(host), of: host)
            }
            entries[host, default: Entry()].lookup = lookup
            return (nil, lookup)
        }
    }

    /// Notes how a look-up ended. A failure leaves the addresses as they were, and says so only
    /// where there are none.
    private func remember(_ outcome: Outcome, of host: String) -> Outcome {
        entries.withLock { entries in
            var entry = entries[host, default: Entry()]
            defer { entries[host] = entry.addresses.isEmpty ? nil : entry }
            entry.lookup = nil
            entry.freshUntil = now() &+ Self.lifetime
            switch outcome {
            case .success(let addresses): entry.addresses = alternating(addresses)
            case .failure where entry.addresses.isEmpty: return outcome
            case .failure: break
            }
            return .success(entry.addresses)
        }
    }
}

/// Takes turns between the families, beginning with that of the first address (RFC 8305
/// section 4): when one family leads nowhere, the second attempt already uses the other.
func alternating(_ addresses: [SocketAddress]) -> [SocketAddress] {
    guard let first = addresses.first else { return [] }
    var own = addresses.filter { $0.family == first.family }[...]
    var other = addresses.filter { $0.family != first.family }[...]
    var result: [SocketAddress] = []
    while !own.isEmpty || !other.isEmpty {
        if let next = own.popFirst() { result.append(next) }
        if let next = other.popFirst() { result.append(next) }
    }
    return result
}

private func systemLookUp(_ host: String) -> HostResolver.Outcome {
    do throws(NameError) {
        return .success(try NameResolver.addresses(of: host, port: 0))
    } catch {
        return .failure(error)
    }
}
