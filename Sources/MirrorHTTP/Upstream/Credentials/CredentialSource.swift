internal import MirrorCore

/// Where the credentials of an upstream's account come from.
///
/// ### Rules for implementers
/// - It is called on event loops: what may block is done elsewhere.
/// - A call ends, within half a minute at most. Whoever asked may have left by then.
/// - What it says in a log or an error holds no secret.
public protocol CredentialSource: Sendable {
    /// The credentials that are to be shown at a host; nil to ask as nobody.
    ///
    /// - Parameters:
    ///   - host: that of a token service or of the upstream itself, with its port where that is
    ///     not the scheme's own. It is never a host outside of the upstream's own site.
    ///   - refused: what the upstream has just answered 401 to: the source looks for others, and
    ///     gives the same again where there are none.
    func credentials(
        for host: String, refused: RegistryCredentials?
    ) async -> RegistryCredentials?
}

/// Credentials that are always the same.
extension RegistryCredentials: CredentialSource {
    /// These, wherever they are asked for.
    public func credentials(
        for host: String, refused: RegistryCredentials?
    ) async -> RegistryCredentials? { self }
}
