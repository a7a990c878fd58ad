/// A text that must not end up in a log, an error or a dump: a password, a token.
///
/// It prints as `***` wherever it is printed; only ``revealed`` gives the text away.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The secret itself. Pass it on to what needs it and to nothing else.
    public let revealed: String

    /// Keeps a text secret.
    public init(_ text: String) { revealed = text }

    /// Always `***`, whatever the length of the secret.
    public var description: String { "***" }

    /// A mirror with no children, so that `dump` and test failures show nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
