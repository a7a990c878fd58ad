import MirrorCore
import MirrorHTTP

/// What would be removed from the storage now, and why.
enum EvictionReport {
    /// Images that are told of at most.
    private static let imageLimit = 10_000

    /// A line for each image, the first to go first. Nothing is removed, and nothing written.
    static func text(_ configuration: Configuration) async throws -> String {
        let group = try EventLoopGroup()
        defer { group.stop() }
        let mirror = RegistryMirror(
            storage: try Assembly.storage(configuration.storage, .disabled),
            upstream: try await Assembly.upstream(configuration, group, .disabled).fetcher,
            eviction: await Assembly.eviction(configuration), mayDelete: false,
            options: configuration.cacheOptions)
        let plan = try await mirror.planEviction(limit: imageLimit)
        return plan.map { line($0) + "\n" }.joined()
    }

    /// `size 73400320 2026-01-02T03:04:05Z library/app latest,1.0`
    static func line(_ planned: PlannedEviction) -> String {
        let victim = planned.victim
        let root = victim.items.first
        let names =
            planned.tags.isEmpty
            ? root?.digest.text ?? "" : planned.tags.map(\.text).joined(separator: ",")
        let reason = planned.isPinned ? "pinned" : victim.reason.rawValue
        return "\(reason) \(victim.byteCount) \(victim.lastUse) \(root?.repository.text ?? "") "
            + names
    }
}
