/// The name of a repository, such as `library/busybox`.
///
/// Grammar: OCI distribution-spec, "Pulling manifests":
/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`,
/// at most 255 characters in all.
public struct RepositoryName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest name that is accepted, in characters.
    public static var characterLimit: Int { 255 }

    /// The name itself.
    public let text: String

    /// Checks the grammar; nil when `text` does not follow it.
    public init?(_ text: String) {
        guard Self.isValid(text.utf8.span) else { return nil }
        self.text = text
    }

    /// The parts between slashes; never empty.
    public var components: [Substring] { text.split(separator: "/") }

    /// The name itself.
    public var description: String { text }

    /// Orders by the bytes of the name.
    public static func < (left: RepositoryName, right: RepositoryName) -> Bool {
        left.text < right.text
    }

    /// Whether `bytes` follow the grammar.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= characterLimit else { return false }
        var separator = Separator.start
        for index in 0..<bytes.count {
            guard let next = separator.after(bytes[index]) else { return false }
            separator = next
        }
        return separator == .word
    }

    /// What stands before the next character: a name is letters and digits, joined by single
    /// separators of these kinds.
    private enum Separator {
        case start, word, dot, underscore, twoUnderscores, dashes, slash

        /// The state after `byte`, or nil when it may not stand there.
        func after(_ byte: UInt8) -> Separator? {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                .word
            case UInt8(ascii: "."): self == .word ? .dot : nil
            case UInt8(ascii: "/"): self == .word ? .slash : nil
            case UInt8(ascii: "-"): self == .word || self == .dashes ? .dashes : nil
            case UInt8(ascii: "_"):
                self == .word ? .underscore : self == .underscore ? .twoUnderscores : nil
            default: nil
            }
        }
    }
}
