import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What clients are told when upstream refuses.
@Suite(.timeLimit(.minutes(10))) struct UpstreamRefusalTests {
    private let upstream: ScriptedUpstream
    private let image = SampleImage(seed: 7)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
    }

    private var targets: [String] {
        ["/v2/library/app/manifests/latest", ServedMirror.path(of: image.config)]
    }

    /// Docker Hub's limit on pulls, and its limit against abuse, whose lines end in LF alone.
    static let limits: [UpstreamFault] = [
        .tooManyRequests(retryAfter: 77), .bareLineFeed429(retryAfter: 77),
    ]

    @Test(arguments: limits)
    func aRateLimitIsPassedOnWithItsDelay(_ limit: UpstreamFault) async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.any, with: limit)
        for target in targets {
            let answer = try await mirror.ask("GET \(target)")
            #expect(answer.status == 429)
            #expect(answer["Retry-After"] == "77")
            #expect(answer.text.contains("TOOMANYREQUESTS"))
        }
        // Another attempt would only make it worse.
        #expect(upstream.requests.count == targets.count)
    }

    @Test(arguments: limits)
    func whatIsHeldIsServedAllTheSame(_ limit: UpstreamFault) async throws {
        let mirror = try await ServedMirror(of: upstream)
        for target in targets + image.layers.map({ ServedMirror.path(of: $0) }) {
            #expect(try await mirror.ask("GET \(target)").status == 200)
        }
        upstream.fail(.any, with: limit)
        let tag = try await mirror.ask("GET \(targets[0])")
        #expect(tag.body == image.manifest.bytes)
        #expect(tag["Warning"]?.contains("429 Too Many Requests") == true)
        #expect(try await mirror.ask("GET \(targets[1])").body == image.config.bytes)
    }

    @Test func pullsCountedUpstreamAreSpentOncePerManifest() async throws {
        upstream.limitPulls(to: 1)
        let mirror = try await ServedMirror(of: upstream)
        for _ in 0..<5 {
            let answer = try await mirror.ask("GET \(targets[0])")
            #expect(answer.body == image.manifest.bytes)
            #expect(answer["Warning"] == nil)
        }
        #expect(upstream.count(.get, .manifest()) == 1)
    }

    /// How upstream answers, and what clients are told of a manifest and of a blob.
    static let answers: [(UpstreamFault, Int)] = [
        (.status(404), 404), (.status(403), 404), (.status(401), 404), (.status(500), 503),
        (.status(400), 502), (.noAnswer, 503), (.garbage(Array("SSH-2.0-x\r\n\r\n".utf8)), 502),
        (.redirect(307, to: "ftp://upstream.test/"), 502),
        (.answer(status: 200, contentType: "text/html", body: "<html>Log in!</html>"), 502),
    ]

    @Test(arguments: answers)
    func noAnswerOfUpstreamsMakesAClientBelieveInContent(
        _ row: (fault: UpstreamFault, status: Int)
    ) async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.any, with: row.fault)
        let tag = try await mirror.ask("GET \(targets[0])")
        #expect(tag.status == row.status)
        let blob = try await mirror.pull(image.config)
        try await blob.receiveHead()
        if blob.status == 200 {
            #expect(try await blob.isCutShort())
        } else {
            #expect(blob.status == row.status)
        }
        upstream.heal()
        #expect(try await mirror.ask("GET \(targets[0])").body == image.manifest.bytes)
        #expect(try await mirror.pull(image.config).receiveRest())
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
    func whatWouldWriteIsRefusedHereAndNotPassedOn(_ method: String) async throws {
        let mirror = try await ServedMirror(of: upstream)
        let client = try await mirror.connect()
        for target in targets + ["/v2/library/app/blobs/uploads/"] {
            try await client.sendLines(
                "\(method) \(target) HTTP/1.1", "Host: mirror.test", "Content-Length: 0")
            let answer = try await client.receiveAnswer()
            #expect(answer.status == 405)
            #expect(answer["Allow"] == "GET, HEAD")
            #expect(answer.text.contains(#""code":"UNSUPPORTED""#))
        }
        #expect(upstream.requests.isEmpty)
    }
}
