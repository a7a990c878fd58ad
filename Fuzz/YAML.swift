// Sources: Sources/mirrord/YAML
// A text is read or refused; a fault lies within it. What was read means the same once written.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do throws(YAMLError) {
        for document in try YAMLReader.documents(in: bytes) {
            let text = YAMLText.line(document)
            let again = try? YAMLReader.documents(
                in: Array("- \(text)\n".utf8), limits: noLimits
            ).first
            guard case .sequence(let items) = again?.content, let item = items.first,
                isSame(item, document)
            else { fatalError("\(text) is not what was written") }
        }
    } catch {
        precondition(error.position.line >= 1 && error.position.column >= 1)
        precondition(error.position.line <= bytes.count { $0 == 10 || $0 == 13 } + 1)
        precondition(!error.message.isEmpty)
    }
    return 0
}

/// With all aliases replaced, and one level deeper.
private let noLimits = YAMLLimits(
    byteCountLimit: .max, depthLimit: .max, nodeCountLimit: .max)

private func isSame(_ left: YAMLNode, _ right: YAMLNode) -> Bool {
    switch (left.content, right.content) {
    case (.scalar(let left), .scalar(let right)):
        left.value == right.value || "\(left.value)" == "\(right.value)"
    case (.sequence(let left), .sequence(let right)):
        left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
    case (.mapping(let left), .mapping(let right)):
        left.count == right.count
            && zip(left, right).allSatisfy { isSame($0.key, $1.key) && isSame($0.value, $1.value) }
    default: false
    }
}
