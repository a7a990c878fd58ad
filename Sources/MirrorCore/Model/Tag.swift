/// A movable name of a manifest within a repository, such as `latest`.
///
/// Grammar: OCI distribution-spec, "Pulling manifests":
/// `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
public struct Tag: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest tag that is accepted, in characters.
    public static var characterLimit: Int { 128 }

    /// The tag itself.
    public let text: String

    /// Checks the grammar; nil when `text` does not follow it.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        guard !bytes.isEmpty, bytes.count <= Self.characterLimit else { return nil }
        for index in 0..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                continue
            case UInt8(ascii: "."), UInt8(ascii: "-"):
                guard index > 0 else { return nil }
            default: return nil
            }
        }
        self.text = text
    }

    /// The tag itself.
    public var description: String { text }

    /// Orders by the bytes of the tag.
    public static func < (left: Tag, right: Tag) -> Bool { left.text < right.text }
}
