import MirrorCore
import MirrorSystem

/// Fails unless the file of `region` has `bytes` in its range.
func requireContent(of region: FileRegion, _ bytes: [UInt8]) throws {
    var read: [UInt8] = []
    while read.count < bytes.count {
        let offset = region.range.lowerBound + Int64(read.count)
        let piece = try region.file.read(at: offset, limit: bytes.count - read.count)
        try require(!piece.isEmpty, "the file of a region must not end within it")
        read += piece
    }
    try require(read == bytes, "a region must have the bytes that a read gives")
}
