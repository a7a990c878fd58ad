internal import MirrorCore
internal import MirrorSystem

/// Writes heads as they go over the wire.
struct HeadEncoder {
    /// Appends a response's head. A client that spoke HTTP/1.0 is told that the connection stays:
    /// it would not know otherwise.
    static func append(
        _ response: Response, to version: HTTPVersion = .http11, dateLine: [UInt8], isLast: Bool,
        framing: BodyFraming, to output: inout [UInt8]
    ) {
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        appendDecimal(Int64(response.status.code), to: &output)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: response.status.reason.utf8)
        output.append(contentsOf: "\r\n".utf8)
        output.append(contentsOf: dateLine)
        output.append(contentsOf: response.fields.bytes)
        switch framing {
        case .none, .untilClose: break
        case .chunked: output.append(contentsOf: "Transfer-Encoding: chunked\r\n".utf8)
        case .length(let length):
            output.append(contentsOf: "Content-Length: ".utf8)
            appendDecimal(length, to: &output)
            output.append(contentsOf: "\r\n".utf8)
        }
        if isLast {
            output.append(contentsOf: "Connection: close\r\n".utf8)
        } else if version == .http10 {
            output.append(contentsOf: "Connection: keep-alive\r\n".utf8)
        }
        output.append(contentsOf: "\r\n".utf8)
    }

    /// Appends a request's head.
    static func append(_ request: RequestHead, to output: inout [UInt8]) {
        output.append(contentsOf: request.method.name.utf8)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: request.target.utf8)
        output.append(contentsOf: " HTTP/1.1\r\n".utf8)
        output.append(contentsOf: request.fields.bytes)
        output.append(contentsOf: "\r\n".utf8)
    }
}

/// The `Date` field of a response, made once a second.
struct DateLine {
    private var second: Int64 = -1
    private var line: [UInt8] = []

    mutating func bytes(at now: WallTime) -> [UInt8] {
        let second = now.nanosecondsSinceEpoch / 1_000_000_000
        if second != self.second {
            self.second = second
            line = Array("Date: \(now.imfFixdate)\r\n".utf8)
        }
        return line
    }
}
