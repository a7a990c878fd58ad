// Sources: HTTP1/HeadParser* HTTP1/BodyFraming* Message/HTTP* Message/MessageHead*
// Sources: Message/SpanBytes*

/// A request's head that is read must be read the same with more bytes behind, and not before
/// its end has come.
@c(LLVMFuzzerTestOneInput)
public func fuzzRequestHead(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let parser = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: false)
    guard let found = try? parser.request(bytes.span) else { return 0 }
    precondition(found.count <= bytes.count)
    let short = Array(bytes[..<(found.count - 1)])
    precondition((try? parser.request(short.span)) == nil, "read before its end")
    let longer = Array(bytes[..<found.count]) + [0]
    precondition((try? parser.request(longer.span))?.count == found.count, "read differently")
    _ = try? BodyFraming(request: found.head)
    return 0
}
