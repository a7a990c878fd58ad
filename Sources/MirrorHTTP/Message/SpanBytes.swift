extension [UInt8] {
    /// Adds the bytes of a span at the end, in one copy.
    mutating func append(copying bytes: Span<UInt8>) {
        // Safe: the buffer is read for the length of the call, in which the span lives.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension String {
    /// The text that `bytes` spell; what is not UTF-8 is replaced.
    init(utf8 bytes: Span<UInt8>) {
        // Safe: the buffer is read for the length of the call, in which the span lives.
        self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
