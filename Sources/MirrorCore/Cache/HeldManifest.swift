/// A manifest that a repository has, in memory.
final class HeldManifest: Sendable {
    let item: CachedItem
    let manifest: Manifest
    let use = UseStamp()
    /// When it was looked at whether it is whole, while nothing depended on that.
    let look = UseStamp()
    /// That it was found whole.
    let proof = WholenessProof()

    init(_ manifest: Manifest, for item: CachedItem) {
        self.manifest = manifest
        self.item = item
    }
}
