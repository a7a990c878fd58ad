extension EventLoop {
    /// Runs `work` on this loop: at once when this is the loop, else by a hop there and back.
    func run<Value: Sendable, Failure: Error>(
        _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        if isCurrent { return try await work() }
        return try await hop(work)
    }

    private func hop<Value: Sendable, Failure: Error>(
        _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let outcome: Result<Value, Failure> = await withTaskExecutorPreference(self) {
            // Not only a check: Swift 6.3 leaves the hop out where a closure begins with a call
            // that stays on its caller's executor.
            precondition(isCurrent, "a hop to an event loop did not arrive")
            do throws(Failure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Does a short errand on this loop, from code that cannot wait: a deinitialiser, or a
    /// handler of cancellation.
    func execute(_ errand: @escaping @Sendable () -> Void) {
        if isCurrent { return errand() }
        Task(executorPreference: self) { errand() }
    }
}
