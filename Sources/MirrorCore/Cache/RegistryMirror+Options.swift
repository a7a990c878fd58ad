extension RegistryMirror {
    /// How a mirror looks after what it holds. What is not said has a default that will do.
    public struct Options: Hashable, Sendable {
        /// How what is held is read through for damage; by default once a week, gently.
        public var scrub = ScrubSettings()

        /// The defaults.
        public init() {}
    }
}
