public import MirrorCore

extension ScriptedFetcher {
    /// Says what may be expected of this upstream from now on; it answers all the same.
    public func expect(_ outlook: UpstreamOutlook) {
        state.withLock { $0.outlook = outlook }
    }

    /// What a test said; clear until then.
    public func outlook(for repository: RepositoryName) -> UpstreamOutlook {
        state.withLock { $0.outlook }
    }

    /// Whether the last question was answered; false once a test takes it back.
    public func isAnswering(for repository: RepositoryName) -> Bool {
        state.withLock { $0.isAnswering }
    }

    /// Lets nobody know any more whether this upstream answers.
    public func fallSilent() {
        state.withLock { $0.isAnswering = false }
    }

    /// The priorities of the questions of one kind, in the order in which they came.
    public func priorities(of operation: Operation) -> [UpstreamPriority] {
        state.withLock { $0.priorities[operation] ?? [] }
    }
}
