/// A client's own credential, by which an upstream is asked in place of the mirror's.
///
/// What a mirror does for a request, it does as that client as long as ``current`` says so, work
/// that others join and work in the background included: it was this client who caused it.
public struct ClientCredential: Hashable, Sendable {
    /// As whom the upstream counts requests made with it.
    public let identity: UpstreamIdentity
    /// What the upstream is shown: for a registry over HTTP, the value of `Authorization`.
    public let secret: Secret
    /// The one upstream that may see it, as its fetcher calls it.
    public let audience: String

    /// Wraps a credential.
    public init(identity: UpstreamIdentity, secret: Secret, audience: String) {
        self.identity = identity
        self.secret = secret
        self.audience = audience
    }

    /// What the current task asks an upstream with; nil for what the mirror has itself.
    @TaskLocal public static var current: ClientCredential?

    /// Does `work` as this client, or with nil as the mirror itself.
    package static func run<Value: Sendable, Failure: Error>(
        as client: ClientCredential?, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let outcome: Result<Value, Failure> = await $current.withValue(client) {
            do throws(Failure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
