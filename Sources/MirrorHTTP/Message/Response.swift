public import MirrorCore

/// A response as a value.
public struct Response: Sendable {
    /// How it went.
    public var status: HTTPStatus
    /// Header fields, without those that frame the body: the server adds them.
    public var fields: HTTPFields
    /// What follows the head.
    public var body: ResponseContent
    /// What the log is to say of this response.
    public var notes: [LogField]
    /// Who asked, where the responder found out.
    public var user: String?

    /// Puts a response together.
    public init(
        _ status: HTTPStatus, _ fields: HTTPFields = HTTPFields(), body: ResponseContent,
        notes: [LogField] = []
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.notes = notes
    }
}

/// What follows the head of a response.
public enum ResponseContent: Sendable {
    /// Bytes in memory; none for an empty body.
    case bytes([UInt8])
    /// A range of some content, or all of it when `range` is nil.
    case content(any ContentSource, Range<Int64>?)
    /// Several parts, one after another.
    case parts([Part])
    /// Nothing, where a body of that many bytes would follow another method: answers to HEAD.
    case omitted(size: Int64?)

    /// One part of a body.
    public enum Part: Sendable {
        /// Bytes in memory.
        case bytes([UInt8])
        /// A range of some content.
        case content(any ContentSource, Range<Int64>)
    }

    /// Size in bytes; nil when it is not known before the end.
    public var size: Int64? {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .content(_, let range?): Int64(range.count)
        case .content(let source, nil): source.size
        case .omitted(let size): size
        case .parts(let parts):
            parts.reduce(0) { size, part in
                switch part {
                case .bytes(let bytes): size + Int64(bytes.count)
                case .content(_, let range): size + Int64(range.count)
                }
            }
        }
    }
}
