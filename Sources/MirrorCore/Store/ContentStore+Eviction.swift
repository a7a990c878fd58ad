extension ContentStore {
    /// The right to remove content, which one process has at a time.
    struct EvictionTurn: Sendable {
        fileprivate let upload: (any StorageUpload)?

        /// Lets another process remove content.
        func end() async {
            await upload?.abandon()
        }
    }

    /// Begins to remove content; nil while another process does.
    ///
    /// Where the turn cannot be taken, as on a disk that is full, content is removed without it:
    /// of two who remove the same, one finds it gone.
    func beginEviction() async -> EvictionTurn? {
        do throws(StorageError) {
            return EvictionTurn(upload: try await driver.upload(at: RegistryLayout.eviction))
        } catch {
            return error.code == .conflict ? nil : EvictionTurn(upload: nil)
        }
    }
}
