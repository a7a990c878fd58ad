internal import MirrorCore
internal import MirrorHTTP

/// All that an upstream knows and remembers; its connections share it under one lock.
struct UpstreamState: Sendable {
    private struct Rule: Sendable {
        var filter: RequestFilter
        var faults: [UpstreamFault]
        var uses: RuleUses
    }

    private struct Hold: Sendable {
        var filter: RequestFilter
        var gate: TransferGate
        var uses: RuleUses
    }

    /// What a connection needs to answer one request.
    struct Exchange: Sendable {
        /// The number of the request, see ``UpstreamState/update(_:_:)``.
        var number: Int
        var answer: UpstreamAnswer
        var gates: [TransferGate]
    }

    var content = UpstreamContent()
    var access = AccessState()
    /// Set while blobs are redirected.
    var links: ContentLinks?
    /// Set while pulls are counted.
    var pulls: PullLimit?
    private(set) var log: [UpstreamRequest] = []
    /// Requests that were taken out of the log.
    private var forgottenCount = 0
    private var rules: [Rule] = []
    private var holds: [Hold] = []

    mutating func add(_ faults: [UpstreamFault], on filter: RequestFilter, _ uses: RuleUses) {
        rules.append(Rule(filter: filter, faults: faults, uses: uses))
    }

    mutating func add(_ gate: TransferGate, on filter: RequestFilter, _ uses: RuleUses) {
        holds.append(Hold(filter: filter, gate: gate, uses: uses))
    }

    mutating func removeFaults() {
        rules = []
    }

    /// Every gate that was ever set.
    var gates: [TransferGate] { holds.map(\.gate) }

    /// Logs a request and decides how it is answered.
    mutating func begin(_ request: UpstreamRequest, host: String) -> Exchange {
        var request = request
        if links != nil, case .blob(let repository, let digest) = request.resource {
            request.resource = .redirect(repository: repository, digest)
        }
        let faults = takeFaults(for: request)
        var answer = answer(request, host: host, faults)
        answer.isHeadOnly = answer.isHeadOnly || request.method == .head
        for fault in faults { answer.apply(fault) }
        request.status = answer.raw == nil ? answer.status : nil
        log.append(request)
        return Exchange(
            number: forgottenCount + log.count - 1, answer: answer,
            gates: takeGates(for: request))
    }

    /// Notes how far a request came, unless it is forgotten.
    mutating func update(_ number: Int, _ change: (inout UpstreamRequest) -> Void) {
        guard number >= forgottenCount else { return }
        change(&log[number - forgottenCount])
    }

    mutating func forgetLog() {
        forgottenCount += log.count
        log = []
    }

    /// The faults of the oldest rule that is for this request: rules for the same requests
    /// take turns.
    private mutating func takeFaults(for request: UpstreamRequest) -> [UpstreamFault] {
        for index in rules.indices where rules[index].filter.matches(request) {
            if rules[index].uses.take() { return rules[index].faults }
        }
        return []
    }

    private mutating func takeGates(for request: UpstreamRequest) -> [TransferGate] {
        var gates: [TransferGate] = []
        for index in holds.indices where holds[index].filter.matches(request) {
            if holds[index].uses.take() { gates.append(holds[index].gate) }
        }
        return gates
    }

    private mutating func answer(
        _ request: UpstreamRequest, host: String, _ faults: [UpstreamFault]
    ) -> UpstreamAnswer {
        let ignoringRange = faults.contains(.ignoreRange)
        switch request.resource {
        case .token: return access.tokenAnswer(for: request)
        case .content(let digest):
            return links?.refusal(of: request)
                ?? content.blobAnswer(digest, for: request, ignoringRange: ignoringRange)
        default: break
        }
        if let refusal = access.refusal(of: request, host: host) { return refusal }
        guard request.method == .get || request.method == .head else {
            return UpstreamAnswer(405, code: "UNSUPPORTED", "the operation is unsupported")
        }
        switch request.resource {
        case .base:
            return UpstreamAnswer(
                200, [FieldLine("Docker-Distribution-Api-Version", "registry/2.0")],
                SampleBlob("{}"))
        case .manifest(let repository, let reference):
            let answer = content.manifestAnswer(reference, in: repository, for: request)
            return pulls?.count(request, answer) ?? answer
        case .blob(_, let digest):
            return content.blobAnswer(digest, for: request, ignoringRange: ignoringRange)
        case .redirect(_, let digest):
            guard content.blobs[digest] != nil, let location = links?.make(for: digest) else {
                return UpstreamAnswer(404, code: "BLOB_UNKNOWN", "blob unknown to registry")
            }
            return UpstreamAnswer(307, [FieldLine("Location", location)])
        case .tags(let repository): return content.tagsAnswer(repository, for: request)
        case .referrers(let repository, let digest):
            return content.referrersAnswer(repository, to: digest, for: request)
        case .content, .token, .other:
            return UpstreamAnswer(404, code: "NAME_UNKNOWN", "no such place")
        }
    }
}

/// Signed links to the server that redirects lead to.
struct ContentLinks: Sendable {
    /// `host:port` of that server.
    let host: String
    let useLimit: Int?
    private var usesLeft: [String: Int] = [:]
    private var count = 0

    init(host: String, useLimit: Int?) {
        self.host = host
        self.useLimit = useLimit
    }

    mutating func make(for digest: Digest) -> String {
        count += 1
        usesLeft["s\(count)"] = useLimit ?? .max
        return "http://\(host)/content/\(digest)?expires=300&signature=s\(count)"
    }

    mutating func expire() {
        usesLeft = [:]
    }

    /// The refusal of a request that is not signed, or signed twice, as object stores do it.
    mutating func refusal(of request: UpstreamRequest) -> UpstreamAnswer? {
        if request.field("Authorization") != nil {
            return Self.error(400, "Only one auth mechanism allowed")
        }
        guard let signature = request.query("signature"), let left = usesLeft[signature], left > 0
        else { return Self.error(403, "Request has expired") }
        usesLeft[signature] = left - 1
        return nil
    }

    private static func error(_ status: Int, _ message: String) -> UpstreamAnswer {
        UpstreamAnswer(
            status, [FieldLine("Content-Type", "application/xml")],
            SampleBlob("<Error><Message>\(message)</Message></Error>"))
    }
}

/// A limit on pulls as Docker Hub has it: each GET of a manifest counts, a HEAD is free.
struct PullLimit: Sendable {
    let limit: Int
    var remaining: Int
    let retryAfter: Int?

    /// Counts one request and says what is answered in the end.
    mutating func count(
        _ request: UpstreamRequest, _ answer: UpstreamAnswer
    ) -> UpstreamAnswer {
        var answer = answer
        if request.method == .get {
            if remaining == 0 { answer = .rateLimited(retryAfter: retryAfter) }
            remaining = max(0, remaining - 1)
        }
        answer.set("ratelimit-limit", "\(limit);w=21600")
        answer.set("ratelimit-remaining", "\(remaining);w=21600")
        answer.set("docker-ratelimit-source", "192.0.2.1")
        return answer
    }
}
