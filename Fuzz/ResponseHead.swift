// Sources: HTTP1/HeadParser* HTTP1/BodyFraming* Message/HTTP* Message/MessageHead*
// Sources: Message/SpanBytes*

/// A response's head that is read must be read the same with more bytes behind, and not before
/// its end has come.
@c(LLVMFuzzerTestOneInput)
public func fuzzResponseHead(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let parser = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: true)
    guard let found = try? parser.response(bytes.span) else { return 0 }
    precondition(found.count <= bytes.count)
    let short = Array(bytes[..<(found.count - 1)])
    precondition((try? parser.response(short.span)) == nil, "read before its end")
    let longer = Array(bytes[..<found.count]) + [0]
    precondition((try? parser.response(longer.span))?.count == found.count, "read differently")
    _ = try? BodyFraming(response: found.head, to: .get)
    return 0
}
