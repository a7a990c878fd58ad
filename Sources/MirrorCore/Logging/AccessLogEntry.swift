/// One answered request, as an access log tells it.
public struct AccessLogEntry: Hashable, Sendable {
    /// The peer's address, without the port.
    public var remoteAddress: String
    /// The user that was authenticated, if any.
    public var user: String?
    /// When the request arrived.
    public var time: WallTime
    /// The request's method.
    public var method: String
    /// The request's target, as it was sent.
    public var target: String
    /// The version of HTTP, for example `HTTP/1.1`.
    public var protocolVersion: String
    /// The status of the answer.
    public var status: Int
    /// How many bytes of content were sent, header section and framing not counted.
    public var bytesSent: Int64
    /// The request's `Referer`.
    public var referer: String?
    /// The request's `User-Agent`.
    public var userAgent: String?

    /// An entry of these parts.
    public init(
        remoteAddress: String, user: String? = nil, time: WallTime, method: String,
        target: String, protocolVersion: String = "HTTP/1.1", status: Int, bytesSent: Int64,
        referer: String? = nil, userAgent: String? = nil
    ) {
        self.remoteAddress = remoteAddress
        self.user = user
        self.time = time
        self.method = method
        self.target = target
        self.protocolVersion = protocolVersion
        self.status = status
        self.bytesSent = bytesSent
        self.referer = referer
        self.userAgent = userAgent
    }

    /// Appends the entry in the combined log format, and a line feed.
    ///
    /// What a client chose is escaped: quotes, backslashes, control characters and all beyond
    /// ASCII stand as `\xhh`, so that no request can end its line or forge another.
    public func append(to output: inout [UInt8]) {
        Self.appendWord(remoteAddress, to: &output)
        output.append(contentsOf: " - ".utf8)
        Self.appendWord(user ?? "", to: &output)
        output.append(contentsOf: " [".utf8)
        time.appendCombinedLogDate(to: &output)
        output.append(contentsOf: "] \"".utf8)
        Self.appendEscaped(method, to: &output)
        output.append(UInt8(ascii: " "))
        Self.appendEscaped(target, to: &output)
        output.append(UInt8(ascii: " "))
        Self.appendEscaped(protocolVersion, to: &output)
        output.append(contentsOf: "\" ".utf8)
        DecimalText.append(Int64(status), to: &output)
        output.append(UInt8(ascii: " "))
        DecimalText.append(bytesSent, to: &output)
        output.append(contentsOf: " \"".utf8)
        Self.appendEscaped(referer ?? "", to: &output)
        output.append(contentsOf: "\" \"".utf8)
        Self.appendEscaped(userAgent ?? "", to: &output)
        output.append(contentsOf: "\"\n".utf8)
    }

    /// A column without quotes around it: a space would end it, and nothing is written as `-`.
    private static func appendWord(_ text: String, to output: inout [UInt8]) {
        guard !text.isEmpty else { return output.append(UInt8(ascii: "-")) }
        append(text, escapingSpaces: true, to: &output)
    }

    private static func appendEscaped(_ text: String, to output: inout [UInt8]) {
        append(text, escapingSpaces: false, to: &output)
    }

    private static func append(
        _ text: String, escapingSpaces: Bool, to output: inout [UInt8]
    ) {
        for byte in text.utf8 {
            let isPlain =
                byte > 0x20 && byte < 0x7F
                && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            if isPlain || (byte == 0x20 && !escapingSpaces) {
                output.append(byte)
            } else {
                HexText.append(UInt32(byte), digits: 2, after: "\\x", to: &output)
            }
        }
    }
}
