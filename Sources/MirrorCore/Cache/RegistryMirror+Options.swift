extension RegistryMirror {
    /// How a mirror looks after what it holds. What is not said has a default that will do.
    public struct Options: Sendable {
        /// How what is held is read through for damage; by default once a week, gently.
        public var scrub = ScrubSettings()
        /// Images that are never removed; by default none.
        public var pins = ImagePatterns()
        /// What becomes of blobs that were left unfinished.
        public var leftovers = LeftoverPolicy()
        /// How long the reference registry keeps what it fetches, where it filled the storage: by
        /// that its `scheduler-state.json` says when something was fetched.
        public var referenceTimeToLive = Duration.seconds(168 * 3600)
        /// How much is done at once.
        public var limits = CacheLimits()
        /// What its registries are called among the numbers.
        public var upstreamLabels = UpstreamLabels()
        /// Asked, with a number of bytes, when the storage is full and nothing can be removed for
        /// them; whether the write may be tried again.
        public var makeRoom: @Sendable (_ byteCount: Int64) async -> Bool = { _ in false }

        /// The defaults.
        public init() {}
    }
}
