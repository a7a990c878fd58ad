/// What a mirror answers, and how it came by it.
public struct Answer<Content: Sendable>: Sendable {
    /// What was asked for.
    public var content: Content
    /// How the mirror came by it.
    public var status: CacheStatus
    /// How long ago upstream last said that a tag names this; nil where it was asked for this
    /// answer, where that is not known, and where no tag was asked for.
    public var age: Duration?
    /// Why this may not be current, where that is so.
    public var warning: String?

    /// Wraps what was asked for.
    public init(
        _ content: Content, _ status: CacheStatus, age: Duration? = nil, warning: String? = nil
    ) {
        self.content = content
        self.status = status
        self.age = age
        self.warning = warning
    }

    func map<Other>(_ transform: (Content) -> Other) -> Answer<Other> {
        Answer<Other>(transform(content), status, age: age, warning: warning)
    }
}

/// How a mirror came by an answer.
public enum CacheStatus: String, Hashable, Sendable, CaseIterable {
    /// It was held, and upstream had not to be asked.
    case hit
    /// It was fetched for this request.
    case miss
    /// It was held, and upstream could not say whether it is current, or was spared the question.
    case stale
    /// It was held, and upstream said that it is current.
    case revalidated
    /// It was being fetched for another request.
    case coalesced
}
