/// Something that a running process can take in anew, such as a file that has changed.
///
/// ### Rules for implementers
/// - When it cannot be taken in, what was in use stays in use.
/// - What has begun with the old goes on with it; nothing is interrupted.
public protocol Reloadable: Sendable {
    /// What it is, as log records call it: `certificate`.
    var reloadName: String { get }

    /// Takes it in anew, whether or not it has changed. Calls may come at the same time.
    ///
    /// - Throws: why it cannot be taken in.
    func reload() async throws(ReloadError)
}

/// Why something could not be taken in anew, in one line for the operator.
public struct ReloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String

    /// Wraps one line.
    public init(_ description: String) {
        self.description = description
    }
}
