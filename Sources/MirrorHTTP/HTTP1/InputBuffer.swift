/// Bytes received and not yet consumed. Its memory goes back while there are none.
struct InputBuffer: Sendable {
    /// Room for the first bytes: most request heads.
    private static let firstByteCount = 2 << 10

    private var bytes: [UInt8] = []
    private var start = 0
    private var end = 0

    var count: Int { end - start }
    var isEmpty: Bool { start == end }

    /// Hands the bytes to `body`.
    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(start..<end))
    }

    /// Takes `count` bytes off the front without a copy of them.
    mutating func consume(_ count: Int) {
        start += count
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Takes up to `limit` bytes off the front.
    mutating func take(_ limit: Int) -> [UInt8] {
        let count = min(limit, count)
        defer { consume(count) }
        return Array(bytes[start..<start + count])
    }

    /// Copies a range of what is there, counted from the front, to the end of `content`.
    func copy(_ range: Range<Int>, to content: inout [UInt8]) {
        content.append(contentsOf: bytes[start + range.lowerBound..<start + range.upperBound])
    }

    /// Receives more behind what is there; waits for it at most `timeout`. 0 is the peer's end.
    mutating func receive(
        from stream: ByteStream, timeout: Duration
    ) async throws(TransportError) -> Int {
        makeRoom()
        if let count = try stream.receiveNow(into: &bytes, from: end) {
            end += count
            return count
        }
        if isEmpty { bytes = [] }
        try await stream.channel.wait(for: .reading, timeout: timeout)
        makeRoom()
        let count = try await stream.receive(into: &bytes, from: end, timeout: timeout)
        end += count
        return count
    }

    private mutating func makeRoom() {
        if bytes.isEmpty { bytes = Array(repeating: 0, count: Self.firstByteCount) }
        guard end == bytes.count else { return }
        if start > 0 {
            bytes.removeSubrange(..<start)
            end -= start
            start = 0
        }
        bytes.append(contentsOf: repeatElement(0, count: max(bytes.count, Self.firstByteCount)))
    }
}
