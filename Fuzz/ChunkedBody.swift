// Sources: HTTP1/Chunked* HTTP1/HeadParser* HTTP1/BodyFraming* Message/HTTP* Message/MessageHead*
// Sources: Message/SpanBytes*

private func decode(_ bytes: [UInt8], step: Int) -> (content: [UInt8], end: Int)? {
    var decoder = ChunkedDecoder()
    var content: [UInt8] = []
    var index = 0
    while index < bytes.count, !decoder.isDone {
        let window = index..<min(bytes.count, index + step)
        guard let (found, end) = try? decoder.next(bytes.span, in: window) else { return nil }
        precondition(end > index && end <= window.upperBound, "no progress, or too much")
        content += bytes[found]
        index = end
    }
    return (content, index)
}

/// A chunked body decodes to the same content whole and byte by byte.
@c(LLVMFuzzerTestOneInput)
public func fuzzChunkedBody(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let whole = decode(bytes, step: max(1, bytes.count))
    let slow = decode(bytes, step: 1)
    precondition(whole?.content == slow?.content && whole?.end == slow?.end, "read differently")
    return 0
}
