/// Blobs on their way: the growing bytes of each, and its trace.
extension ContentStore {
    /// A trace that has grown beyond this is begun anew.
    private static let traceByteLimit: Int64 = 1 << 20
    /// Only so many bytes are believed to be a blob's beginning where no trace says what they are:
    /// it comes soon, and it is missing for a moment where it is begun anew.
    private static let untracedByteLimit: Int64 = 1 << 20

    /// Where a blob arrives; what a killed process left of it is there already.
    func fill(_ digest: Digest) async throws(StorageError) -> any StorageUpload {
        try await room.run(for: Self.smallByteCount) { () async throws(StorageError) in
            try await driver.upload(at: RegistryLayout.fill(digest))
        }
    }

    /// Keeps what has arrived as the bytes of a blob.
    func commit(_ upload: any StorageUpload, as digest: Digest) async throws(StorageError) {
        try await room.run(for: Self.smallByteCount) { () async throws(StorageError) in
            try await upload.commit(to: RegistryLayout.data(digest))
        }
    }

    /// What of an unfinished blob an earlier process, or another one, has written.
    func arrived(in object: any StoredObject, of digest: Digest) async -> ByteRanges {
        do throws(StorageError) {
            // Read before the size, which may grow meanwhile.
            let trace = try await trace(of: digest)
            let named = trace?.arrived
            let size = object.size
            guard let named else {
                return size > 0 && (trace != nil || size <= Self.untracedByteLimit)
                    ? ByteRanges(0..<size) : ByteRanges()
            }
            return named.ranges.last?.upperBound ?? 0 <= size ? named : ByteRanges()
        } catch {
            return ByteRanges()
        }
    }

    // MARK: Traces

    /// What is written beside an unfinished blob.
    func trace(of digest: Digest) async throws(StorageError) -> FillTrace? {
        guard let object = try await driver.unfinished(at: RegistryLayout.fillTrace(digest))
        else { return nil }
        return FillTrace(lines: try await object.readAll())
    }

    /// Writes a trace behind those before it. It is an upload that never ends: it is there after
    /// a kill, and need not be after a loss of power, so nobody waits for a disk.
    func add(_ trace: FillTrace, of digest: Digest) async throws(StorageError) {
        let key = RegistryLayout.fillTrace(digest)
        var upload = try await driver.upload(at: key)
        if upload.size >= Self.traceByteLimit {
            await upload.abandon()
            upload = try await driver.upload(at: key)
        }
        // What stands there may end in the middle of a line.
        let start = upload.size > 0 ? "\n" : ""
        do throws(StorageError) {
            try await upload.append(Array("\(start)\(trace.line)\n".utf8))
        } catch {
            await upload.suspend()
            throw error
        }
        await upload.suspend()
    }

    func removeTrace(of digest: Digest) async {
        _ = try? await driver.delete(RegistryLayout.fillTrace(digest))
    }

    /// Blobs of which something unfinished is there, bytes or a trace, page by page: those whose
    /// names are behind `last`.
    func unfinished(
        _ algorithm: Digest.Algorithm, after last: String?, limit: Int
    ) async throws(StorageError) -> (digests: [Digest], last: String?) {
        let page = try await driver.listUnfinished(
            RegistryLayout.fills(algorithm), after: last, limit: limit)
        var digests: [Digest] = []
        for entry in page {
            let hex = entry.name.prefix { $0 != "." }
            guard let digest = Digest("\(algorithm.rawValue):\(hex)"), digest != digests.last
            else { continue }
            digests.append(digest)
        }
        return (digests, page.last?.name)
    }
}
