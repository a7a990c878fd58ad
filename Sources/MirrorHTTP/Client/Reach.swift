/// Where a request may go whose place was named by a server: in a redirect, or as its token
/// service.
///
/// A registry that is hostile, or was broken into, could otherwise have the mirror ask what the
/// mirror reaches and it does not: the mirror's machine, its network, its cloud's metadata
/// (CWE-918, server-side request forgery). What counts is the address that is connected to, so a
/// name that leads elsewhere the next time is of no help; a name that a proxy looks up is the
/// proxy's affair.
struct Reach: Hashable, Sendable {
    /// Hosts that the operator named: they may be anywhere.
    var trustedHosts: Set<String>
    /// Where the server that the operator named was reached; nil when only a proxy knows.
    var home: AddressClass?

    /// Whether a request may go to an address of this class to reach `host`.
    ///
    /// - Parameter destination: nil when only a proxy knows it.
    func permits(_ destination: AddressClass?, of host: String) -> Bool {
        if trustedHosts.contains(host) { return true }
        return switch destination {
        case .global, nil: true
        // A registry within somebody's network, or on this machine, may have its storage there.
        case .private, .loopback: destination == home
        case .linkLocal, .reserved: false
        }
    }

    /// What is said when it does not.
    static func refusal(_ destination: AddressClass?, of origin: HTTPOrigin) -> ClientError {
        let kind = destination?.rawValue ?? "unknown"
        return ClientError(
            .redirect,
            "the upstream sends the mirror to \(origin), which is at a \(kind) address; if that is "
                + "meant, list \(origin.host) under proxy.redirects")
    }
}
