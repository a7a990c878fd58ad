internal import MirrorCore

/// Several ranges in one body, `multipart/byteranges` (RFC 9110 section 14.6).
struct MultipartRanges {
    private let ranges: [Range<Int64>]
    private let size: Int64
    private let type: MediaType
    private let boundary: String

    init(_ ranges: [Range<Int64>], of size: Int64, type: MediaType) {
        self.ranges = ranges
        self.size = size
        self.type = type
        // Random, so that content cannot be made to hold it.
        boundary =
            "mirrord-" + String(UInt64.random(in: .min ... .max), radix: 16)
            + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    var contentType: String { "multipart/byteranges; boundary=\(boundary)" }

    func parts(of source: any ContentSource) -> [ResponseContent.Part] {
        var parts: [ResponseContent.Part] = []
        for range in ranges {
            let head = """
                \r\n--\(boundary)\r\n\
                Content-Type: \(type.text)\r\n\
                Content-Range: \(contentRange(range, of: size))\r\n\r\n
                """
            parts.append(.bytes(Array(head.utf8)))
            parts.append(.content(source, range))
        }
        parts.append(.bytes(Array("\r\n--\(boundary)--\r\n".utf8)))
        return parts
    }
}
