/// Lets one mirror at a time scrub what lies in one storage: it has an upload open at a key, of
/// which a driver allows one. That of a process that was killed is free for the next.
struct ScrubTurn: Sendable {
    private let upload: (any StorageUpload)?

    /// Takes the turn; nil when another mirror has it. Storage that takes no upload can only be
    /// read, and any number may do that.
    static func take(_ driver: any StorageDriver) async -> ScrubTurn? {
        do throws(StorageError) {
            return ScrubTurn(upload: try await driver.upload(at: RegistryLayout.scrub))
        } catch {
            return error.code == .conflict ? nil : ScrubTurn(upload: nil)
        }
    }

    func end() async {
        await upload?.abandon()
    }
}
