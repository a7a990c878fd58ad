internal import MirrorHTTP

/// What is going to be sent for one request, byte for byte.
struct UpstreamAnswer: Sendable {
    /// How the end of the body is told.
    enum Framing: Hashable, Sendable {
        case length(Int64), chunked(size: Int), untilClose
    }

    /// What happens to the connection, and after how many bytes of the body if not all.
    enum Ending: Hashable, Sendable {
        case keepAlive, close
        case closeAfter(Int64), resetAfter(Int64), stallAfter(Int64)

        var bodyByteLimit: Int64 {
            switch self {
            case .keepAlive, .close: .max
            case .closeAfter(let count), .resetAfter(let count), .stallAfter(let count): count
            }
        }
    }

    var status: Int
    var fields: [FieldLine] = []
    var content = SampleBlob("")
    /// The part of the content that the body is.
    var range: Range<Int64> = 0..<0
    var framing: Framing
    var ending = Ending.keepAlive
    /// A HEAD request or a status without a body: the head says everything, no body follows.
    var isHeadOnly = false
    var lineEnd = "\r\n"
    var flippedOffset: Int64?
    /// Sent in place of everything else.
    var raw: [UInt8]?
    var pieceByteLimit = 64 << 10

    /// An answer with the whole of `content` as its body.
    init(_ status: Int, _ fields: [FieldLine] = [], _ content: SampleBlob = SampleBlob("")) {
        self.status = status
        self.fields = fields
        self.content = content
        range = 0..<content.size
        framing = .length(content.size)
    }

    /// An answer with an error body as registries give them.
    init(_ status: Int, code: String, _ message: String = "scripted") {
        let json = #"{"errors":[{"code":"\#(code)","message":"\#(message)","detail":{}}]}"#
        self.init(
            status, [FieldLine("Content-Type", "application/json; charset=utf-8")],
            SampleBlob(json))
    }

    /// Replaces the field of this name, or adds it.
    mutating func set(_ name: String, _ value: String) {
        remove(name)
        fields.append(FieldLine(name, value))
    }

    mutating func remove(_ name: String) {
        fields.removeAll { $0.name.lowercased() == name.lowercased() }
    }

    /// Head and the empty line behind it.
    var head: [UInt8] {
        var lines = ["HTTP/1.1 \(HTTPStatus(status))"]
        lines += fields.map { "\($0.name): \($0.value)" }
        switch framing {
        case .length(let length): if status != 304 { lines.append("Content-Length: \(length)") }
        case .chunked: lines.append("Transfer-Encoding: chunked")
        case .untilClose: lines.append("Connection: close")
        }
        return Array((lines + ["", ""]).joined(separator: lineEnd).utf8)
    }

    /// The bytes of `range` as they are sent.
    func bytes(in range: Range<Int64>) -> [UInt8] {
        var bytes = content.bytes(in: range)
        if let flippedOffset, range.contains(flippedOffset) {
            bytes[Int(flippedOffset - range.lowerBound)] ^= 1
        }
        return bytes
    }
}
