/// What a client asks a manifest by.
public enum Reference: Hashable, Sendable, CustomStringConvertible {
    /// A name that may move to other content.
    case tag(Tag)
    /// Content that never changes.
    case digest(Digest)

    /// Parses a digest where the text has a colon, a tag otherwise; nil when it is neither.
    public init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let digest = Digest(text) else { return nil }
            self = .digest(digest)
        } else {
            guard let tag = Tag(text) else { return nil }
            self = .tag(tag)
        }
    }

    /// The tag or digest as it stands in a URL.
    public var text: String {
        switch self {
        case .tag(let tag): tag.text
        case .digest(let digest): digest.text
        }
    }

    /// The tag or digest as it stands in a URL.
    public var description: String { text }
}
