extension Fill {
    /// Asks upstream for the fill: before other questions when that is urgent, else behind them.
    /// When it becomes urgent meanwhile, since a client has come, it is asked anew.
    func ask<Value: Sendable>(
        urgentlyIf isUrgent: @escaping @Sendable (borrowing FillState) -> Bool,
        _ question: @escaping @Sendable () async throws(UpstreamError) -> Value
    ) async throws(UpstreamError) -> Value {
        if !read({ isUrgent($0) }), let outcome = await askBehind(isUrgent, question) {
            return try outcome.get()
        }
        return try await Self.ask(as: .live, question).get()
    }

    /// The answer; nil when it became urgent before there was one.
    private func askBehind<Value: Sendable>(
        _ isUrgent: @escaping @Sendable (borrowing FillState) -> Bool,
        _ question: @escaping @Sendable () async throws(UpstreamError) -> Value
    ) async -> Result<Value, UpstreamError>? {
        await withTaskGroup(of: Result<Value, UpstreamError>?.self) { group in
            group.addTask { await Self.ask(as: .background, question) }
            group.addTask {
                await self.waitUnlessCancelled(until: isUrgent)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            let second = await group.next() ?? nil
            if let first { return first }
            // An answer that came all the same is as good as another.
            if case .success = second { return second }
            return Task.isCancelled ? second : nil
        }
    }

    private static func ask<Value: Sendable>(
        as priority: UpstreamPriority,
        _ question: @Sendable () async throws(UpstreamError) -> Value
    ) async -> Result<Value, UpstreamError> {
        await UpstreamPriority.$current.withValue(priority) {
            do throws(UpstreamError) {
                return .success(try await question())
            } catch {
                return .failure(error)
            }
        }
    }
}
