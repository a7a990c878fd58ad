/// Whether a manifest is held with all that whoever pulls by it needs.
enum Wholeness: Hashable, Sendable {
    /// It is, and lies in the store: until one of these is lost.
    case stored(Set<Digest>)
    /// It is for now: some of it is in memory only.
    case passing
    /// It is not, but nobody pulls it from here: whoever asks for it only looks at it, or has its
    /// blobs already.
    case unpulled
    /// It is not: this is the first that was missed.
    case lacks(CachedItem)
}
