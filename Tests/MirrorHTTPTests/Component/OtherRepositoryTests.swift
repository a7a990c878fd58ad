import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// A blob that is held for one repository and asked for in another.
@Suite(.timeLimit(.minutes(10))) struct OtherRepositoryTests {
    private let upstream: ScriptedUpstream
    private let blob = SampleBlob(seed: 10, size: 300_000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    @Test(arguments: StorageUnderTest.allCases)
    func costsOneQuestionAndNoBytes(_ storage: StorageUnderTest) async throws {
        let (driver, folder) = try storage.make()
        defer { _ = folder }
        let mirror = try await ServedMirror(of: upstream, over: driver)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(try await mirror.endsHolding(blob))
        await upstream.untilIdle()
        upstream.forgetRequests()
        #expect(try await mirror.pull(blob, from: "team/other").receiveRest())
        #expect(upstream.requests.map(\.method) == [.head])
        #expect(upstream.requests.map(\.repository) == ["team/other"])
        #expect(try await mirror.pull(blob, from: "team/other").receiveRest())
        #expect(upstream.requests.count == 1)
        #expect(await mirror.cacheStatuses(of: 3) == ["hit", "miss", "revalidated"])
    }

    @Test func isReadWhileItArrivesForTheFirst() async throws {
        let mirror = try await ServedMirror(of: upstream)
        let gate = upstream.holdBlob(blob.digest, at: 100_000)
        let first = try await mirror.pull(blob)
        #expect(try await first.receive(upTo: 100_000))
        let second = try await mirror.pull(blob, from: "team/other")
        #expect(try await second.receive(upTo: 100_000))
        gate.release()
        #expect(try await first.receiveRest())
        #expect(try await second.receiveRest())
        #expect(upstream.requests.map(\.method) == [.get, .head])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    @Test(arguments: [403, 404])
    func isNotGivenToThoseWhomUpstreamRefuses(_ status: Int) async throws {
        let mirror = try await ServedMirror(of: upstream)
        #expect(try await mirror.pull(blob).receiveRest())
        upstream.fail(.blob().within("team/other"), with: .status(status))
        let target = ServedMirror.path(of: blob, in: "team/other")
        #expect(try await mirror.ask("GET \(target)").status == 404)
        #expect(try await mirror.ask("HEAD \(target)").status == 404)
        #expect(try await mirror.ask("GET \(target)", "Range: bytes=0-0").status == 404)
    }
}
