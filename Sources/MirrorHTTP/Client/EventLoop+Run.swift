extension EventLoop {
    /// Runs `work` on this loop: at once when this is the loop, else by a hop there and back.
    func run<Value: Sendable, Failure: Error>(
        _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        if isCurrent { return try await work() }
        return try await hop(work)
    }

    /// Concurrent, so that no actor of the caller's keeps the work on its own executor.
    @concurrent private func hop<Value: Sendable, Failure: Error>(
        _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let outcome: Result<Value, Failure> = await withTaskExecutorPreference(self) {
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
