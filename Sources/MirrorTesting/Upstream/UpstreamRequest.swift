public import MirrorHTTP

/// One line of a head, `name: value`.
public struct FieldLine: Hashable, Sendable {
    /// The name as it was or will be sent.
    public var name: String
    /// The value without blanks around it.
    public var value: String

    /// Makes a line.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request as it arrived, and how far its answer came.
public struct UpstreamRequest: Sendable {
    /// What is to be done.
    public let method: HTTPMethod
    /// Path and query as they were sent.
    public let target: String
    /// The header fields in their order.
    public let fields: [FieldLine]
    /// Which connection it came by, counted from 1 over the life of the upstream.
    public let connection: Int
    /// What it is about.
    public internal(set) var resource: UpstreamResource
    /// The status it was answered with; nil before that, and for an answer that has none.
    public internal(set) var status: Int?
    /// Bytes of content handed to the kernel, framing not counted.
    public internal(set) var bodyBytesSent: Int64 = 0
    /// Whether nothing more is going to be sent.
    public internal(set) var isAnswered = false

    init(method: HTTPMethod, target: String, fields: [FieldLine], connection: Int) {
        self.method = method
        self.target = target
        self.fields = fields
        self.connection = connection
        resource = UpstreamResource(path: String(target.prefix { $0 != "?" }))
    }

    /// The path, without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The value of the first field of this name, in any case.
    public func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The value of the first query item of this name, percent-decoded.
    public func query(_ name: String) -> String? {
        for item in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count == 2 ? Self.decoded(parts[1]) : "" }
        }
        return nil
    }

    /// The repository it is about, where there is one.
    public var repository: String? { resource.repository }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
