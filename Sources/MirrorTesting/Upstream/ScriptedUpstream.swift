public import MirrorHTTP

/// A real registry on a loopback port, for tests: it serves what it is given, misbehaves as it
/// is told, and remembers every request.
///
/// ```swift
/// let upstream = try ScriptedUpstream()
/// let image = SampleImage(seed: 1)
/// upstream.add(image, to: "library/busybox", tags: "latest")
/// upstream.fail(.blob(image.layers[0].digest), with: .reset(after: 1000), .once)
/// // … pull from upstream.url …
/// #expect(upstream.bytesSent(of: image.layers[0].digest) == image.layers[0].size)
/// ```
///
/// It speaks plain HTTP/1.1 by blocking sockets, one thread for each connection. Nothing in it
/// waits for time to pass: what is to happen later happens when a gate is released.
public final class ScriptedUpstream: Sendable {
    let core = UpstreamCore()
    private let registry: UpstreamListener
    private let contentServer: UpstreamListener

    /// Starts an upstream without content, open to anybody.
    ///
    /// - Throws: when the system has no port to give.
    public init() throws(StartError) {
        registry = try UpstreamListener(core: core)
        contentServer = try UpstreamListener(core: core)
    }

    deinit {
        stop()
    }

    /// The port it listens at, the same over its whole life.
    public var port: UInt16 { registry.port }

    /// `127.0.0.1:port`.
    public var host: String { registry.host }

    /// `http://127.0.0.1:port`.
    public var url: String { "http://\(host)" }

    /// `127.0.0.1:port` of the server that redirects lead to.
    public var contentHost: String { contentServer.host }

    /// Refuses connections from now on and ends those that are open, held ones too.
    public func stop() {
        registry.stop()
        contentServer.stop()
        core.endConnections()
    }

    /// Listens again at the same ports.
    ///
    /// - Throws: when the system refuses.
    public func restart() throws(StartError) {
        try registry.start()
        try contentServer.start()
    }

    /// Ends all open connections, idle or not, and goes on listening.
    public func dropConnections() {
        core.endConnections()
    }

    // MARK: Access

    /// Sets who may use it.
    public func require(_ access: UpstreamAccess) {
        core.with { $0.access.access = access }
    }

    /// Makes every token given out so far worthless.
    public func revokeTokens() {
        core.with { $0.access.revokeTokens() }
    }

    /// Answers requests for blobs with a redirect (307) to a signed link at ``contentHost``,
    /// each good for `linkUseLimit` requests.
    public func redirectBlobs(linkUseLimit: Int? = nil) {
        let host = contentHost
        core.with { $0.links = ContentLinks(host: host, useLimit: linkUseLimit) }
    }

    /// Makes every link given out so far worthless.
    public func expireLinks() {
        core.with { $0.links?.expire() }
    }

    /// Allows `count` GETs of manifests, then answers 429; says so in header fields.
    public func limitPulls(to count: Int, retryAfter: Int? = nil) {
        core.with {
            $0.pulls = PullLimit(limit: count, remaining: count, retryAfter: retryAfter)
        }
    }
}
