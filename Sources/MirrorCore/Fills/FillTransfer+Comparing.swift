/// What a transfer brings beside what was there before.
extension FillTransfer {
    /// Writes a block, and compares it with what was shown at its place in an earlier epoch.
    func write(_ block: [UInt8], at offset: Int64) async throws(FillFailure) {
        do throws(StorageError) {
            if let former { try await compare(block, at: offset, with: former) }
            try await upload.write(block, at: offset)
        } catch {
            throw .storage(error)
        }
    }

    /// Tells those who were shown something else of it.
    private func compare(
        _ block: [UInt8], at offset: Int64, with former: Former
    ) async throws(StorageError) {
        let end = min(offset + Int64(block.count), former.arrived.end(from: offset))
        guard end > offset else { return }
        let shown = block.prefix(Int(end - offset))
        if let divergence = try await former.object.difference(to: shown, at: offset) {
            fill.update { $0.didDiverge(at: divergence) }
        }
    }

    /// Finds out whether upstream, which says that it changed, sends what is there already.
    func compare(_ known: [UInt8], at offset: Int64) async throws(FillFailure) {
        let divergence: Int64?
        do throws(StorageError) {
            divergence = try await upload.difference(to: known[...], at: offset)
        } catch {
            throw .storage(error)
        }
        if let divergence { throw .changed("the blob changed upstream at byte \(divergence)") }
    }
}

extension StoredObject {
    /// Where `block` begins to differ from what is here from `offset` on; nil where it does not.
    fileprivate func difference(
        to block: ArraySlice<UInt8>, at offset: Int64
    ) async throws(StorageError) -> Int64? {
        var rest = block
        while !rest.isEmpty {
            let position = offset + Int64(rest.startIndex - block.startIndex)
            let old = try await read(at: position, limit: rest.count)
            let same = zip(old, rest).prefix { $0 == $1 }.count
            if same < old.count || old.isEmpty { return position + Int64(same) }
            rest = rest.dropFirst(same)
        }
        return nil
    }
}
