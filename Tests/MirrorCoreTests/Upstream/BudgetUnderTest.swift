import MirrorCore
import MirrorTesting

/// A budgeted upstream whose clock stands still, with an image in it.
struct BudgetUnderTest: Sendable {
    let upstream = ScriptedFetcher()
    let clock = ManualClock()
    let image = SampleImage(seed: 77)
    let budget: UpstreamBudget
    let budgeted: BudgetedUpstream

    init(_ limits: UpstreamLimits = UpstreamLimits()) {
        budget = UpstreamBudget(scarceBelow: limits.scarceBelow, time: clock)
        budgeted = BudgetedUpstream(
            upstream, budget: budget, limits: limits, time: clock, chance: { 1 })
        upstream.add(image, to: .app, tag: .latest)
    }

    var outlook: UpstreamOutlook { budgeted.outlook(for: .app) }
    var blob: SampleBlob { image.layers[0] }

    func ask(_ operation: ScriptedFetcher.Operation) async throws(UpstreamError) {
        switch operation {
        case .resolve: _ = try await budgeted.resolve(.latest, in: .app)
        case .manifest: _ = try await budgeted.manifest(.tag(.latest), in: .app)
        case .blobInfo: _ = try await budgeted.blobInfo(blob.digest, in: .app)
        case .blob: _ = try await budgeted.blob(blob.digest, in: .app, from: 0)
        case .tags: _ = try await budgeted.tags(in: .app, from: .start, limit: nil)
        case .referrers:
            do throws(UpstreamError) {
                let digest = image.manifest.digest
                _ = try await budgeted.referrers(to: digest, in: .app, from: .start)
            } catch  where error.code == .notFound {}
        }
    }

    /// The error that a question ends with, if it does.
    func error(_ operation: ScriptedFetcher.Operation) async -> UpstreamError? {
        do throws(UpstreamError) {
            try await ask(operation)
            return nil
        } catch {
            return error
        }
    }

    /// Lets a question wait for so long, and then fail.
    func waitInVain(
        _ operation: ScriptedFetcher.Operation = .resolve, for duration: Duration = .seconds(10)
    ) async {
        let checkpoint = Checkpoint()
        upstream.hold(operation, at: checkpoint)
        upstream.fail([operation], with: UpstreamError(.unavailable, "silence"), count: 1)
        async let error = error(operation)
        await checkpoint.untilReached()
        clock.advance(by: duration)
        checkpoint.open()
        _ = await error
    }
}

/// Waits until something has happened in another task; gives up with the test.
func until(_ hasHappened: () -> Bool) async {
    while !hasHappened(), !Task.isCancelled { await Task.yield() }
}
