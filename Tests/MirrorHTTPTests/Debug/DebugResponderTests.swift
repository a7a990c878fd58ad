import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What can be looked at besides numbers.
@Suite(.timeLimit(.minutes(10))) struct DebugResponderTests {
    private let upstream: ScriptedUpstream
    private let image = SampleImage(seed: 42)
    private let clock = ManualClock()
    private let tag = "/v2/library/app/manifests/latest"

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
    }

    private func until(_ hasHappened: () -> Bool) async {
        while !hasHappened(), !Task.isCancelled { await Task.yield() }
    }

    @Test func aMirrorThatIsWellSaysSo() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        let health = try await mirror.look("/debug/health")
        #expect(health.status == 200)
        #expect(health.text == "{}")
        #expect(health["Content-Type"] == "application/json; charset=utf-8")
        for path in ["/livez", "/readyz"] {
            let answer = try await mirror.look(path)
            #expect(answer.status == 200)
            #expect(answer.text == "ok\n")
        }
    }

    @Test func whatFailsIsNamedAndClientsAreTurnedAwayUntilItPasses() async throws {
        let storage = FaultyDriver(MemoryDriver())
        let mirror = try await WatchedMirror(
            of: upstream, checks: [.storage(storage, kind: "filesystem")], clock: clock)
        #expect(try await mirror.ask("GET \(tag)").status == 200)
        storage.fail(StorageFault(.failed, on: [.list]))
        try await mirror.watch {
            await until { !mirror.health.servesClients }
            let health = try await mirror.look("/debug/health")
            #expect(health.status == 503)
            #expect(health.text.hasPrefix("{\"storagedriver_filesystem\":\""))
            #expect(try await mirror.look("/readyz").status == 503)
            #expect(try await mirror.look("/livez").status == 200)
            for path in [tag, "/v2/", "/"] {
                let refusal = try await mirror.ask("GET \(path)")
                #expect(refusal.status == 503)
                #expect(refusal["Docker-Distribution-Api-Version"] == "registry/2.0")
                #expect(
                    refusal.text == """
                        {"errors":[{"code":"UNAVAILABLE","message":"service unavailable",\
                        "detail":"health check failed: please see /debug/health"}]}

                        """)
            }
            storage.heal()
            await clock.untilSleeping()
            clock.advance(by: .seconds(10))
            await until { mirror.health.servesClients }
            #expect(try await mirror.ask("GET \(tag)").status == 200)
            #expect(try await mirror.look("/debug/health").text == "{}")
        }
    }

    @Test func aStorageThatNobodyAskedToBeWatchedMakesAMirrorUnreadyAndNoMore() async throws {
        let storage = FaultyDriver(MemoryDriver())
        storage.fail(StorageFault(.failed, on: [.list]))
        let check = HealthCheck.storage(storage, kind: "filesystem", turnsClientsAway: false)
        let mirror = try await WatchedMirror(of: upstream, checks: [check], clock: clock)
        try await mirror.watch {
            await until { !mirror.health.faults.isEmpty }
            let ready = try await mirror.look("/readyz")
            #expect(ready.status == 503)
            #expect(ready.text.hasPrefix("storagedriver_filesystem: "))
            #expect(try await mirror.look("/debug/health").text == "{}")
            #expect(try await mirror.ask("GET \(tag)").status == 200)
        }
    }

    /// Whoever watched a mirror by its upstream would stop it when it is needed most.
    @Test func anUpstreamThatIsDownNeverMakesAMirrorUnhealthy() async throws {
        let check = HealthCheck.storage(MemoryDriver(), kind: "inmemory")
        let mirror = try await WatchedMirror(of: upstream, checks: [check], clock: clock)
        #expect(try await mirror.ask("GET \(tag)").status == 200)
        for blob in image.blobs {
            #expect(try await mirror.ask("GET \(ServedMirror.path(of: blob))").status == 200)
        }
        upstream.stop()
        try await mirror.watch { () async throws in
            for _ in 0..<5 {
                #expect(try await mirror.ask("GET \(tag)").status == 200)
                #expect(
                    try await mirror.ask("GET /v2/library/none/manifests/latest").status >= 500)
                await clock.untilSleeping()
                clock.advance(by: .seconds(10))
            }
            for path in ["/debug/health", "/livez", "/readyz"] {
                #expect(try await mirror.look(path).status == 200)
            }
        }
    }

    @Test func aMirrorThatStartsOrStopsIsNotReady() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        mirror.readiness.isUp = false
        let answer = try await mirror.look("/readyz")
        #expect(answer.status == 503)
        #expect(answer.text == "it is starting or stopping\n")
        #expect(try await mirror.look("/livez").status == 200)
    }

    @Test func theVariablesOfTheOldLineAreThere() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        _ = try await mirror.ask("GET \(tag)")
        let size = image.manifest.bytes.count
        let text = try await mirror.look("/debug/vars").text
        #expect(
            text == """
                {"registry":{"proxy":{"blobs":{"Requests":0,"Hits":0,"Misses":0,"BytesPulled":0,\
                "BytesPushed":0},"manifests":{"Requests":1,"Hits":0,"Misses":1,\
                "BytesPulled":\(size),"BytesPushed":\(size)}}}}

                """)
    }

    @Test func nothingElseIsToldAndNothingIsTaken() async throws {
        let mirror = try await WatchedMirror(of: upstream)
        for path in ["/", "/debug/pprof/", "/v2/", "/debug/health/down"] {
            #expect(try await mirror.look(path).status == 404)
        }
        let post = try await mirror.look("/debug/health", method: "POST")
        #expect(post.status == 405)
        #expect(post["Allow"] == "GET, HEAD")
    }

    @Test func whoeverWantsNoNumbersHasNone() async throws {
        let responder = DebugResponder(
            MetricsRegistry([]), at: nil, health: HealthMonitor([]), readiness: Readiness())
        let request = Request(
            head: RequestHead(method: .get, target: "/metrics"), remoteAddress: "127.0.0.1")
        #expect(await responder.respond(to: request).status == .notFound)
    }
}
