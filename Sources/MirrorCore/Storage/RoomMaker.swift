/// Has room made where the storage has none left.
struct RoomMaker: Sendable {
    /// Makes room for so many bytes; whether a write may be tried again. What it does must not
    /// ask for room itself.
    let make: @Sendable (_ byteCount: Int64) async -> Bool

    /// Makes none.
    static let none = RoomMaker { _ in false }

    /// Does `work`, and does it once more when the storage is full and room has been made.
    ///
    /// - Parameter byteCount: for how many bytes, about.
    func run<Result>(
        for byteCount: Int64, _ work: () async throws(StorageError) -> Result
    ) async throws(StorageError) -> Result {
        do throws(StorageError) {
            return try await work()
        } catch {
            guard error.code == .outOfSpace, await make(byteCount) else { throw error }
            return try await work()
        }
    }
}
