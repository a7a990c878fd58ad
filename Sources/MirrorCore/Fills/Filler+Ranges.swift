/// What is wanted of a blob far ahead of what has arrived.
extension Filler {
    /// Fetches ranges that are wanted, as long as the rest is being fetched.
    func fetchWanted(
        into upload: SpillingUpload, _ former: FillTransfer.Former?
    ) async {
        await withDiscardingTaskGroup { group in
            while true {
                await fill.wait { $0.plan.hasWanted || !$0.fetchesRanges }
                let transfer = fill.update { state in
                    state.fetchesRanges ? state.plan.beginWanted() : nil
                }
                guard let transfer else { return }
                group.addTask { await fetchRange(transfer, into: upload, former) }
            }
        }
    }

    /// Looks after those who wait for a transfer that was to come soon, until it has.
    func lookAfterWaiting() async {
        while true {
            await fill.wait { $0.plan.wants.lookAgainAt != nil || !$0.fetchesRanges }
            let due = fill.read { $0.fetchesRanges ? $0.plan.wants.lookAgainAt : nil }
            guard let due else { return }
            do { try await site.time.sleep(until: due) } catch { return }
            fill.update { $0.plan.lookAgain(at: site.time.now) }
        }
    }

    private func fetchRange(
        _ transfer: FillPlan.Transfer, into upload: SpillingUpload,
        _ former: FillTransfer.Former?
    ) async {
        var isWanted = false
        defer { fill.update { $0.plan.end(transfer, isWanted: isWanted) } }
        await site.tracer.willFetchRange(into: upload)
        do throws(FillFailure) {
            try await FillTransfer(
                site: site, upload: upload, transfer: transfer, former: former
            ).run { block, _ in await site.tracer.didReceive(Int64(block.count), into: upload) }
            // It may have been ended before its end.
            isWanted = true
        } catch {
            // Whoever waits for it gets it from the transfer that goes through all.
            if case .noRanges = error { fill.update { $0.plan.learn(.refused) } }
            site.logger.info(
                "a range of a blob could not be fetched by itself",
                LogField("digest", fill.digest.text), LogField("error", error.error.reason))
        }
        await site.tracer.didFetchRange(into: upload)
    }
}
