/// A request to send: GET, HEAD, or a POST that may be sent twice.
public struct ClientRequest: Sendable {
    /// GET or HEAD; POST where there is a body.
    public var method: HTTPMethod
    /// What is asked for.
    public var url: HTTPURL
    /// Header fields. The client adds `Host`, and `User-Agent` where it is missing.
    public var fields: HTTPFields
    /// Where it may go, when it was a server that named the place.
    var reach: Reach?
    /// What goes along. It is sent again where a connection turns out to have been closed, and
    /// never goes where a redirect leads: it may hold credentials.
    public var body: [UInt8]?
    /// Whether redirects are followed; else they are answers like others.
    public var followsRedirects = true

    /// Puts a request together.
    public init(_ method: HTTPMethod = .get, _ url: HTTPURL, fields: HTTPFields = HTTPFields()) {
        self.method = method
        self.url = url
        self.fields = fields
    }
}

/// A response whose body is still to be read.
public struct ClientResponse: Sendable {
    /// Status and header fields.
    public let head: ResponseHead
    /// Where it came from, after redirects.
    public let url: HTTPURL
    /// What that is; nil when only a proxy knows.
    let peer: AddressClass?
    /// The body, to be read or cancelled.
    public let body: ResponseBody
}

/// Sends HTTP/1.1 requests over connections that it keeps and shares.
///
/// Each event loop has connections of its own, so there is no lock on the way of a request: one
/// made on a loop stays there, one made elsewhere goes to some loop and comes back.
public final class HTTPClient: Sendable {
    /// How long the client waits.
    public let timeouts: ClientTimeouts
    /// How much the client takes and keeps.
    public let limits: ClientLimits

    private let group: EventLoopGroup
    private let proxies: ProxySettings
    private let connector: Connector
    private let trustedHosts: Set<String>
    private let pools: [ConnectionPool]

    /// A client on the loops of `group`, which shows `identity` to servers that ask for one.
    ///
    /// - Parameter trustedHosts: hosts, names in lower case or addresses, that a redirect may lead
    ///   to wherever they are. Others must be in the Internet, or, where the server that was asked
    ///   first is in a private network or on this machine, there too.
    public convenience init(
        group: EventLoopGroup, proxies: ProxySettings = .none, trust: TLSTrust = TLSTrust(),
        identity: TLSIdentity? = nil, trustedHosts: Set<String> = [],
        timeouts: ClientTimeouts = ClientTimeouts(), limits: ClientLimits = ClientLimits()
    ) {
        self.init(
            group: group, proxies: proxies, trust: trust, identity: identity,
            trustedHosts: trustedHosts, timeouts: timeouts, limits: limits,
            resolver: HostResolver())
    }

    init(
        group: EventLoopGroup, proxies: ProxySettings = .none, trust: TLSTrust = TLSTrust(),
        identity: TLSIdentity? = nil, trustedHosts: Set<String> = [],
        timeouts: ClientTimeouts = ClientTimeouts(), limits: ClientLimits = ClientLimits(),
        resolver: HostResolver
    ) {
        self.timeouts = timeouts
        self.limits = limits
        self.proxies = proxies
        self.group = group
        self.trustedHosts = trustedHosts
        let connector = Connector(
            resolver: resolver, trust: trust, identity: identity, timeouts: timeouts)
        self.connector = connector
        pools = group.loops.map { ConnectionPool(on: $0, connector: connector, limits: limits) }
    }

    /// Sends `request` and follows redirects. Cancelling the task ends it early.
    ///
    /// Credentials do not follow a redirect to another origin, and no redirect leads from https
    /// to http, nor out of the Internet into a network that the server asked first is not in.
    ///
    /// - Parameter time: until the head of the final response has to be there;
    ///   ``ClientTimeouts/answer`` when nil.
    public func send(
        _ request: ClientRequest, within time: Duration? = nil
    ) async throws(ClientError) -> ClientResponse {
        let deadline = Deadline(in: time ?? timeouts.answer)
        let pool = nearestPool()
        return try await pool.loop.run { () throws(ClientError) in
            try await self.follow(request, pool, deadline)
        }
    }

    /// Reads the files of certificates and keys, which otherwise the first secure connection
    /// does, to find out whether they can be used.
    public func prepareTLS() async throws(ClientError) {
        let loop = group.nearest()
        try await loop.run { () throws(ClientError) in
            try await self.connector.prepare(
                on: loop, deadline: Deadline(in: self.timeouts.handshake))
        }
    }

    /// Closes all idle connections.
    public func closeIdleConnections() async {
        for pool in pools { await pool.loop.run { pool.closeIdle() } }
    }

    /// The loop that a request made here is sent on.
    func nearestLoop() -> EventLoop { nearestPool().loop }

    private func nearestPool() -> ConnectionPool {
        let loop = group.nearest()
        return pools.first { $0.loop === loop } ?? pools[0]
    }

    private func follow(
        _ request: ClientRequest, _ pool: ConnectionPool, _ deadline: Deadline
    ) async throws(ClientError) -> ClientResponse {
        var reach = request.reach ?? Reach(trustedHosts: [request.url.origin.host])
        reach.trustedHosts.formUnion(trustedHosts)
        let namesHome = request.reach == nil
        var request = request
        var redirects = RedirectPolicy(limit: limits.redirectLimit)
        while true {
            let response = try await answer(to: request, within: reach, pool, deadline)
            if namesHome, redirects.count == 0 { reach.home = response.peer }
            guard request.followsRedirects, request.body == nil else { return response }
            guard let next = try redirects.next(after: request, response.head) else {
                return response
            }
            // A short body is read so that the connection can be used again.
            await response.body.skip()
            request = next
        }
    }

    /// The answer to one request, redirects not followed. A connection that turns out to have
    /// been closed by the server is replaced, since requests here may be repeated (RFC 9110
    /// section 9.2.2).
    private func answer(
        to request: ClientRequest, within reach: Reach, _ pool: ConnectionPool,
        _ deadline: Deadline
    ) async throws(ClientError) -> ClientResponse {
        let proxy = proxies.proxy(for: request.url.origin)
        let key = PoolKey(origin: request.url.origin, proxy: proxy)
        let bytes = RequestWriter(proxy: proxy).bytes(of: request)
        let activity = "\(request.method) \(request.url)"
        while true {
            let connection = try await pool.checkOut(
                key, within: reach, deadline: deadline)
            do throws(ClientConnection.Failure) {
                let head = try await exchange(bytes, over: connection, deadline, activity)
                return try response(head, to: request, over: connection, pool, activity)
            } catch {
                pool.discard(connection)
                if error.isStale, !Task.isCancelled { continue }
                throw error.error
            }
        }
    }

    private func exchange(
        _ bytes: [UInt8], over connection: ClientConnection, _ deadline: Deadline,
        _ activity: String
    ) async throws(ClientConnection.Failure) -> ResponseHead {
        let parser = HeadParser(limits: limits.head, allowsBareLineFeed: true)
        let deadline = deadline.within(timeouts.responseHead)
        let number = connection.exchange + 1
        let outcome = await withTaskCancellationHandler {
            do throws(ClientConnection.Failure) {
                return Result<ResponseHead, ClientConnection.Failure>.success(
                    try await connection.exchange(
                        bytes, parser, deadline: deadline, activity: activity))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            connection.loop.execute { connection.abort(number) }
        }
        return try outcome.get()
    }

    private func response(
        _ head: ResponseHead, to request: ClientRequest, over connection: ClientConnection,
        _ pool: ConnectionPool, _ activity: String
    ) throws(ClientConnection.Failure) -> ClientResponse {
        do throws(HeadError) {
            let body = try ResponseBody(
                head, to: request.method, over: connection, of: pool, limits: limits,
                timeouts: timeouts, activity: activity)
            return ClientResponse(
                head: head, url: request.url, peer: connection.peer, body: body)
        } catch {
            throw ClientConnection.Failure(
                error: ClientError(.malformed, "\(activity): \(error)"), isStale: false)
        }
    }
}
