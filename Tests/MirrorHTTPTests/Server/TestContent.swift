import MirrorCore
import MirrorTesting
import Synchronization

/// Content in memory that comes in pieces, and may break off.
final class TestContent: ContentSource {
    let size: Int64?
    private let bytes: [UInt8]
    private let pieceByteCount: Int64
    private let breaksAt: Int64?

    /// Content of these bytes, whose size is told or not.
    ///
    /// - Parameter breaksAt: offset from which it cannot be had.
    init(
        _ bytes: [UInt8], tellsSize: Bool = true, pieces pieceByteCount: Int64 = .max,
        breaksAt: Int64? = nil
    ) {
        self.bytes = bytes
        size = tellsSize ? Int64(bytes.count) : nil
        self.pieceByteCount = pieceByteCount
        self.breaksAt = breaksAt
    }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        let end = breaksAt ?? Int64(bytes.count)
        if offset >= end {
            if breaksAt != nil { throw MirrorError(.invalid, "the digest is wrong") }
            return nil
        }
        let count = min(limit, pieceByteCount, end - offset)
        return .bytes(Array(bytes[Int(offset)..<Int(offset + count)]))
    }
}

/// Content that lies in an open file.
final class FileContent: ContentSource {
    let size: Int64?
    private let region: FileRegion
    private let failures = Mutex<[Range<Int64>]>([])

    /// What it was told that could not be sent.
    var failedRanges: [Range<Int64>] { failures.withLock { $0 } }

    init(_ region: FileRegion) {
        self.region = region
        size = Int64(region.range.count)
    }

    func didFail(toSend range: Range<Int64>) async {
        failures.withLock { $0.append(range) }
    }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        let end = region.range.upperBound
        guard offset < end else { return nil }
        return .region(region.with(range: offset..<min(end, offset + limit)))
    }
}

/// Content that arrives behind a gate, and whose size is not known before.
final class LateContent: ContentSource {
    private let bytes: [UInt8]
    private let gate: Gate
    private let isWrong: Bool

    /// Content of these bytes, of which none is there before the gate opens.
    ///
    /// - Parameter isWrong: whether it turns out not to be what it should be then.
    init(_ bytes: [UInt8], behind gate: Gate, isWrong: Bool = false) {
        self.bytes = bytes
        self.gate = gate
        self.isWrong = isWrong
    }

    var size: Int64? { gate.isOpen ? Int64(bytes.count) : nil }

    func isReady(at offset: Int64) -> Bool { gate.isOpen }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        await gate.wait()
        if isWrong { throw MirrorError(.invalid, "the digest is wrong") }
        let rest = bytes[Int(offset)...].prefix(Int(clamping: limit))
        return rest.isEmpty ? nil : .bytes(Array(rest))
    }
}
