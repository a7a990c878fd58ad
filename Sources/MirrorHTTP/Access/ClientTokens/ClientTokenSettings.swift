/// How long it is believed what an upstream says of clients' own credentials.
public struct ClientTokenSettings: Hashable, Sendable {
    /// How long a client that upstream let read a repository may do so without upstream being
    /// asked, unless its token ends before.
    public var maxAge = Duration.seconds(60)
    /// How long it may since upstream last said so, while upstream cannot say.
    public var staleIfError = Duration.seconds(3600)

    /// A minute, and an hour.
    public init() {}
}
