/// What a tag was found to name, and how.
struct FoundTag: Sendable {
    var digest: Digest
    /// The manifest itself, where it is held.
    var manifest: HeldManifest?
    var status: CacheStatus
    /// How long ago upstream confirmed it, where it was not asked now.
    var age: Duration?
    var warning: String?
    /// Whether upstream is to be asked behind the client's back.
    var isRefreshDue = false
    /// What upstream said, where it was asked.
    var resolution: Resolution?
    /// Why it could not say, where it was asked.
    var failure: UpstreamError?
    /// What was held of the tag before.
    var held: HeldTag?
}

/// A tag of which the manifest is held.
struct HeldTag: Sendable {
    var record: TagRecord
    var manifest: HeldManifest
}

extension FoundTag {
    /// What is held, without having asked.
    init(
        _ held: HeldTag, _ status: CacheStatus, at now: WallTime, warning: String? = nil,
        isRefreshDue: Bool = false
    ) {
        self.init(
            digest: held.record.digest, manifest: held.manifest, status: status,
            age: held.record.age(at: now), warning: warning, isRefreshDue: isRefreshDue,
            held: held)
    }
}
