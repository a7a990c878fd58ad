/// Where a fill is carried out: what all its parts need.
struct FillSite: Sendable {
    let fill: Fill
    let store: ContentStore
    let sound: SoundStore
    let upstream: any UpstreamFetcher
    let repository: RepositoryName
    let turns: DigestTurns
    /// For what the storage does not take.
    let memory: SpillMemory
    let time: any TimeSource
    let logger: Logger
}

extension FillSite {
    // MARK: The map

    /// Writes down what has arrived, where that is no mere beginning: without it, a later
    /// process would take a gap for content. It never names what has not been written.
    func writeMap(of arrived: ByteRanges) async throws(StorageError) {
        try await store.driver.put(
            Array(arrived.text.utf8), at: RegistryLayout.fillMap(fill.digest))
    }

    /// What of `upload` an earlier process, or another one, has written.
    func arrived(in upload: any StoredObject) async -> ByteRanges {
        let size = upload.size
        let whole = size > 0 ? ByteRanges(0..<size) : ByteRanges()
        do throws(StorageError) {
            guard
                let object = try await store.driver.open(RegistryLayout.fillMap(fill.digest))
            else { return whole }
            let text = String(decoding: try await object.readAll(), as: UTF8.self)
            guard let map = ByteRanges(text: text), map.ranges.last?.upperBound ?? 0 <= size
            else { return ByteRanges() }
            return map
        } catch {
            return ByteRanges()
        }
    }

    func removeMap() async {
        _ = try? await store.driver.delete(RegistryLayout.fillMap(fill.digest))
    }
}
