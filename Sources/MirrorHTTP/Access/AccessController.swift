/// Decides who may ask the registry's API for what.
///
/// It stands before the API, which asks it for everything that shows what the mirror has: each
/// request for a manifest, a blob or a list, and `/v2/`, by which clients find out how to
/// authenticate. Where there is no controller, everybody may.
///
/// ### Rules for implementers
/// - It is called on event loops: what may block is done elsewhere, and a decision that can be
///   made from memory is made without waiting.
/// - It decides by the request alone, never by what the mirror holds.
/// - What it says in a decision holds no secret: it goes to the client and into the log.
public protocol AccessController: Sendable {
    /// Whether a request is to be answered.
    func decide(_ request: AccessRequest) async -> AccessDecision
}

/// Lets everybody do everything.
public struct OpenAccess: AccessController {
    /// Makes one; all of them are the same.
    public init() {}

    /// Allowed.
    public func decide(_ request: AccessRequest) async -> AccessDecision { .allowed(AccessGrant()) }
}
