public import MirrorCore
public import MirrorHTTP

extension ScriptedUpstream {
    /// Every request so far, in the order of arrival.
    public var requests: [UpstreamRequest] { core.with { $0.log } }

    /// Connections made so far, at both ports.
    public var connectionCount: Int { core.connectionCount }

    /// The requests so far that match.
    public func requests(_ filter: RequestFilter) -> [UpstreamRequest] {
        requests.filter(filter.matches)
    }

    /// How many requests matched.
    public func count(_ filter: RequestFilter) -> Int {
        requests(filter).count
    }

    /// How many requests of this method matched.
    public func count(_ method: HTTPMethod, _ filter: RequestFilter) -> Int {
        count(filter.with(method: method))
    }

    /// Bytes of a blob sent so far, over all requests for it.
    public func bytesSent(of digest: Digest) -> Int64 {
        requests(.blob(digest)).reduce(0) { $0 + $1.bodyBytesSent }
    }

    /// Forgets the requests so far, for a test that counts from here on. Call it while nothing
    /// is being answered: see ``untilIdle()``.
    public func forgetRequests() {
        core.with { $0.forgetLog() }
    }

    /// Waits until `count` requests matched, answered or not.
    public func received(_ filter: RequestFilter, count: Int = 1) async {
        await core.wait { log in log.lazy.filter(filter.matches).count >= count }
    }

    /// Waits until `count` requests that match were answered, or given up by the client.
    public func answered(_ filter: RequestFilter, count: Int = 1) async {
        await core.wait { log in
            log.lazy.filter { $0.isAnswered && filter.matches($0) }.count >= count
        }
    }

    /// Waits until no request is being answered.
    public func untilIdle() async {
        await core.wait { log in log.allSatisfy(\.isAnswered) }
    }
}
