// Sources: Registry/ByteRangeField.swift Message/HTTPFields.swift Message/HTTPFieldName.swift
// Sources: Message/SpanBytes.swift
// Every range that a field resolves to lies within the content, is not empty, and shares no byte
// with another.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRangeField(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let field = ByteRangeField(String(decoding: bytes, as: UTF8.self)) else { return 0 }
    for size in [0, 1, 100, Int64(bytes.count), .max] as [Int64] {
        switch field.resolve(size: size) {
        case .whole, .none: continue
        case .one(let range): check([range], within: size)
        case .several(let ranges):
            precondition(ranges.count > 1 && ranges.count <= ByteRangeField.countLimit)
            check(ranges, within: size)
        }
    }
    return 0
}

private func check(_ ranges: [Range<Int64>], within size: Int64) {
    var end: Int64 = -1
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        precondition(!range.isEmpty && range.upperBound <= size, "beyond the content")
        precondition(range.lowerBound > end, "ranges that touch were not joined")
        end = range.upperBound
    }
}
