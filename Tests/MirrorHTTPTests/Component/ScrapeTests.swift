import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// The numbers of a mirror with sockets on both sides.
@Suite(.timeLimit(.minutes(2))) struct ScrapeTests {
    private let upstream: ScriptedUpstream
    private let image = SampleImage(seed: 41)
    private let tag = "/v2/library/app/manifests/latest"

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
    }

    private func path(_ blob: SampleBlob) -> String { "/v2/library/app/blobs/\(blob.digest)" }

    /// All sorts of requests, good and bad.
    private func traffic(_ mirror: WatchedMirror) async throws {
        for _ in 0..<2 {
            for method in ["GET", "HEAD"] { _ = try await mirror.ask("\(method) \(tag)") }
            for blob in image.blobs { _ = try await mirror.ask("GET \(path(blob))") }
        }
        let range = try await mirror.ask("GET \(path(image.layers[1]))", "Range: bytes=0-9")
        #expect(range.status == 206)
        for line in [
            "GET /v2/", "GET /", "GET /v2/_catalog", "GET /v2/library/app/tags/list",
            "GET /v2/library/app/referrers/\(image.manifest.digest)", "GET /nowhere",
            "GET /v2/library/none/manifests/latest", "POST /v2/library/app/blobs/uploads/",
            "DELETE \(tag)", "BREW /coffee", "GET /v2/UPPER/manifests/a",
        ] { _ = try await mirror.ask(line) }
        upstream.stop()
        _ = try await mirror.ask("GET \(tag)")
    }

    @Test func aScrapeAfterTrafficOfEachSortIsInOrderAndSaysWhatHappened() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        _ = try await mirror.scrape()
        try await traffic(mirror)
        let scrape = try await mirror.scrape()
        let answers = "mirrord_cache_answers_total"
        let blobs = ["upstream": "docker.io", "type": "blob"]
        #expect(scrape.sum(answers, blobs.merging(["cache": "miss"]) { $1 }) == 3)
        #expect(scrape.sum(answers, blobs.merging(["cache": "hit"]) { $1 }) >= 3)
        #expect(scrape.sum(answers, ["cache": "stale", "type": "manifest"]) == 1)
        #expect(scrape.sum(answers, ["cache": "revalidated", "type": "manifest"]) >= 2)
        #expect(scrape.value("registry_proxy_requests_total", ["type": "blob"]) == 7)
        #expect(scrape.value("registry_proxy_misses_total", ["type": "blob"]) == 3)
        let requests = "registry_http_requests_total"
        #expect(scrape.sum(requests, ["handler": "blob", "code": "200"]) == 6)
        #expect(scrape.sum(requests, ["handler": "blob", "code": "206"]) == 1)
        #expect(scrape.sum(requests, ["handler": "blob_upload", "method": "post"]) == 1)
        #expect(scrape.sum(requests, ["handler": "manifest", "code": "404"]) == 1)
        #expect(scrape.sum(requests, ["handler": "manifest", "code": "405"]) == 1)
        #expect(scrape.sum(requests, ["handler": "catalog"]) == 1)
        #expect(scrape.sum("registry_http_in_flight_requests") == 0)
        let pulled = image.blobs.reduce(0) { $0 + Double($1.size) }
        #expect(scrape.value("registry_proxy_pulled_bytes_total", ["type": "blob"]) == pulled)
        #expect(
            scrape.value("registry_proxy_pushed_bytes_total", ["type": "blob"])
                == pulled * 2 + 10)
        #expect(scrape.sum("mirrord_upstream_responses_total", ["code": "200"]) > 4)
        #expect(scrape.sum("mirrord_upstream_responses_total", ["code": "404"]) >= 1)
        #expect(
            scrape.sum("mirrord_upstream_requests_total", ["outcome": "unavailable"]) >= 1)
        #expect(scrape.sum("registry_storage_action_seconds_count", ["action": "Writer"]) >= 3)
        #expect(scrape.value("mirrord_build_info", ["version": ProductVersion.text]) == 1)
        #expect(scrape.sum("process_resident_memory_bytes") > 1e6)
    }

    @Test func tokensAndLimitsOfAnUpstreamShow() async throws {
        upstream.require(.bearer(TokenPolicy()))
        let mirror = try await WatchedMirror(of: upstream)
        #expect(try await mirror.ask("GET \(tag)").status == 200)
        let scrape = try await mirror.scrape()
        let tokens = ["upstream": "docker.io", "outcome": "fetched"]
        #expect(scrape.value("mirrord_upstream_tokens_total", tokens) == 1)
        #expect(scrape.sum("mirrord_upstream_responses_total", ["code": "401"]) == 1)
    }

    @Test func noNumberNamesARepositoryOrAClient() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        try await traffic(mirror)
        let text = try await mirror.look("/metrics").text
        for secret in ["library", "app", "127.0.0.1", "sha256", "coffee", "BREW"] {
            #expect(!text.contains("=\"\(secret)"), "\(secret)")
        }
    }

    @Test func numbersCanBeHadWhileHundredsOfRequestsRun() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        _ = try await mirror.ask("GET \(path(image.layers[1]))")
        let (clients, rounds) = (40, 10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    let client = try await mirror.connect()
                    for _ in 0..<rounds {
                        #expect(try await client.ask("GET \(path(image.layers[1]))").status == 200)
                    }
                }
            }
            var last = 0.0
            for _ in 0..<20 {
                let scrape = try await mirror.scrape()
                let count = scrape.sum("registry_http_requests_total", ["handler": "blob"])
                #expect(count >= last)
                #expect(scrape.sum("registry_http_in_flight_requests") <= Double(clients))
                last = count
            }
            try await group.waitForAll()
        }
        let scrape = try await mirror.scrape()
        #expect(
            scrape.sum("registry_http_requests_total", ["handler": "blob"])
                == Double(clients * rounds + 1))
        #expect(
            scrape.sum("registry_http_request_duration_seconds_count", ["handler": "blob"])
                == Double(clients * rounds + 1))
        #expect(scrape.sum("registry_http_in_flight_requests") == 0)
    }
}
