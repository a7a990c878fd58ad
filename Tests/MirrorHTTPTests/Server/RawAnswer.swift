import MirrorHTTP

/// One response as it came over the wire.
struct RawAnswer {
    let status: Int
    let head: String
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of all header fields of this name.
    func values(of name: String) -> [String] {
        head.split(separator: "\r\n").dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
            return String(parts[1].drop { $0 == " " })
        }
    }

    /// The value of the only header field of this name; nil for none or several.
    subscript(name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }
}

extension WireClient {
    /// Sends a request with all of its lines given, and an empty one behind them.
    func sendLines(_ lines: String...) async throws {
        try await send((lines + ["", ""]).joined(separator: "\r\n"))
    }

    /// Receives one response: its head, and its body by the length or the chunks stated.
    func receiveAnswer(toHead: Bool = false) async throws -> RawAnswer {
        let head = try await receiveHead()
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let bare = RawAnswer(status: status, head: head, body: [])
        if toHead || status == 304 || status < 200 { return bare }
        if bare["Transfer-Encoding"] == "chunked" {
            return RawAnswer(status: status, head: head, body: try await receiveChunks())
        }
        guard let length = bare["Content-Length"].flatMap({ Int($0) }) else { return bare }
        return RawAnswer(status: status, head: head, body: try await receive(length))
    }

    /// Receives the content of chunks up to the last one.
    private func receiveChunks() async throws -> [UInt8] {
        var content: [UInt8] = []
        while true {
            let line = try await receiveHead(endingIn: "\r\n")
            let size = Int(line.dropLast(1), radix: 16) ?? 0
            content += try await receive(size)
            _ = try await receive(2)
            if size == 0 { return content }
        }
    }

    /// Asks and receives the answer.
    func ask(_ line: String, _ fields: String...) async throws -> RawAnswer {
        try await ask(line, fields: fields)
    }

    /// Asks and receives the answer.
    func ask(_ line: String, fields: [String]) async throws -> RawAnswer {
        try await sendRequest(line, fields: fields)
        return try await receiveAnswer(toHead: line.hasPrefix("HEAD "))
    }

    /// Sends a request without body.
    func sendRequest(_ line: String, fields: [String] = []) async throws {
        let lines = ["\(line) HTTP/1.1", "Host: mirror.test"] + fields + ["", ""]
        try await send(lines.joined(separator: "\r\n"))
    }
}
