/// Manifests that are held: from memory, from the store.
struct HeldManifests: Sendable {
    let context: CacheContext
    let atHand: ManifestsAtHand

    /// The manifest, if a repository has it, which is no use of it yet; a store that fails has
    /// nothing.
    func look(for item: CachedItem) async -> HeldManifest? {
        let held = atHand.manifest(for: item)
        context.counters.didLook(found: held != nil)
        if let held { return held }
        do throws(StorageError) {
            let manifest = try await context.sound.manifest(item.digest, in: item.repository)
            return manifest.map { atHand.insert($0, for: item) }
        } catch {
            context.logger.error("storage cannot be read", LogField("error", "\(error)"))
            return nil
        }
    }

    /// It was given to somebody.
    func didUse(_ held: HeldManifest) {
        let now = context.time.now
        if held.use.isDue(at: now) { context.retention.didUse(held.item, at: now) }
    }
}
