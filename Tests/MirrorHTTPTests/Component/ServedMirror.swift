import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// A whole mirror with sockets on both sides: server, API, cache, storage and upstream client.
struct ServedMirror: Sendable {
    private let mirror: RegistryMirror
    private let server: ServerUnderTest

    /// For tests that are not about time, on a machine that is busy with others.
    private static let patience: ClientTimeouts = {
        var timeouts = ClientTimeouts()
        let all = [
            \ClientTimeouts.connect, \.handshake, \.responseHead, \.bodySilence, \.bodyCrawl,
            \.answer, \.access,
        ]
        for timeout in all { timeouts[keyPath: timeout] = .seconds(300) }
        return timeouts
    }()

    /// Starts a mirror of `upstream` that has what `storage` holds.
    ///
    /// - Parameter clientTokens: set where clients' own credentials decide what they may read.
    init(
        of upstream: ScriptedUpstream, over storage: any StorageDriver = MemoryDriver(),
        credentials: (any CredentialSource)? = nil, clientTokens: ClientTokenSettings? = nil,
        timeouts: ClientTimeouts = Self.patience, clock: any TimeSource = ImpatientClock(),
        logger: Logger = .disabled
    ) async throws {
        let registry = RegistryUpstream(
            try #require(HTTPURL(upstream.url)), credentials: credentials,
            client: HTTPClient(group: TestLoops.group, timeouts: timeouts), logger: logger)
        let budgeted = BudgetedUpstream(registry)
        mirror = RegistryMirror(
            storage: storage, upstream: clientTokens == nil ? registry : budgeted,
            eviction: KeepingScheduler(), mayDelete: false, time: clock, logger: logger)
        var options = RegistryResponder.Options()
        options.access = clientTokens.map {
            ClientTokenAccess(registry, within: budgeted, settings: $0)
        }
        let responder = RegistryResponder(mirror, options: options)
        server = try await ServerUnderTest(logger: logger) { await responder.respond(to: $0) }
    }

    /// Begins its work in the background. Give it a clock that stands still.
    func start() { mirror.start() }

    /// Ends it as a signal does.
    func stop() async {
        await server.server.stop(drainingFor: .seconds(10))
        await mirror.stop()
    }

    // MARK: Clients

    /// A client's connection of its own.
    func connect() async throws -> RawClient { try await server.connect() }

    /// What the log says of every answer, once that many have been given.
    func notes(of count: Int) async -> [[LogField]] {
        await server.exchanges.completed(count)
        return server.exchanges.all.map(\.notes)
    }

    /// Who asked, for each answer, once that many have been given.
    func users(of count: Int) async -> [String?] {
        await server.exchanges.completed(count)
        return server.exchanges.all.map(\.user)
    }

    /// One request over a connection of its own, and its answer.
    func ask(_ line: String, _ fields: String...) async throws -> RawAnswer {
        try await connect().ask(line, fields: fields)
    }

    /// Begins a client's download of a blob, or of the range that `Range` names.
    func pull(
        _ blob: SampleBlob, from repository: String = "library/app", range: String? = nil,
        authorization: String? = nil
    ) async throws -> BlobPull {
        let client = try await connect()
        let fields = [
            range.map { "Range: bytes=\($0)" }, authorization.map { "Authorization: \($0)" },
        ]
        try await client.sendRequest(
            "GET \(Self.path(of: blob, in: repository))", fields: fields.compactMap { $0 })
        return BlobPull(blob, over: client)
    }

    /// Where a blob lies.
    static func path(of blob: SampleBlob, in repository: String = "library/app") -> String {
        "/v2/\(repository)/blobs/\(blob.digest)"
    }

    // MARK: What became of requests

    /// What the server reports of every request, once that many have ended.
    func exchanges(_ count: Int) async -> [Exchange] {
        await server.exchanges.completed(count)
        return server.exchanges.all
    }

    /// How the answers came about, one word for each, sorted; waits until that many have ended.
    func cacheStatuses(of count: Int) async -> [String] {
        await server.exchanges.completed(count)
        return server.exchanges.all.compactMap(\.cacheStatus).sorted()
    }

    /// Waits for the end of a blob's fill, which nobody has to read; whether it is held then.
    func endsHolding(_ blob: SampleBlob) async throws -> Bool {
        let repository = try #require(RepositoryName("library/app"))
        while true {
            let status = try await mirror.blobInfo(blob.digest, in: repository).status
            if status != .coalesced { return status == .hit }
            await Task.yield()
        }
    }
}

extension Exchange {
    /// What the log says of how the answer came about.
    fileprivate var cacheStatus: String? {
        let note = notes.first { $0.name == "cache" }
        if case .string(let word) = note?.value { return word }
        return nil
    }
}
