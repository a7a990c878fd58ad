/// Lists of referrers, beside the registry's layout. They have a number of places, and one takes
/// another's by chance, so that there is never more of them than so many.
extension ContentStore {
    /// A longer list is not kept.
    static let referrersByteLimit = 256 << 10

    /// The list that was kept last for a manifest; nil when there is none.
    func referrers(
        _ question: ReferrerQuestion
    ) async throws(StorageError) -> HeldReferrers? {
        let limit = Self.referrersByteLimit + (4 << 10)
        guard let file = try await contents(of: RegistryLayout.referrers(question), limit),
            let held = HeldReferrers(file: file), held.question == question
        else { return nil }
        return held
    }

    func put(_ held: HeldReferrers) async throws(StorageError) {
        try await put(held.file, at: RegistryLayout.referrers(held.question))
    }
}
