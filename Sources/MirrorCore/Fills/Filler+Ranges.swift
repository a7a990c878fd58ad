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

    private func fetchRange(
        _ transfer: FillPlan.Transfer, into upload: SpillingUpload,
        _ former: FillTransfer.Former?
    ) async {
        defer { fill.update { $0.plan.end(transfer) } }
        await site.tracer.willFetchRange(into: upload)
        do throws(FillFailure) {
            try await FillTransfer(
                site: site, upload: upload, transfer: transfer, former: former
            ).run()
        } catch {
            // Whoever waits for it gets it from the transfer that goes through all.
            if case .noRanges = error { fill.update { $0.plan.takesNoRanges = true } }
            site.logger.info(
                "a range of a blob could not be fetched by itself",
                LogField("digest", fill.digest.text), LogField("error", error.error.reason))
        }
        await site.tracer.didFetchRange(into: upload)
    }
}
