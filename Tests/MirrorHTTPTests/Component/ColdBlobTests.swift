import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// A blob that nobody has asked for before, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct ColdBlobTests {
    private let upstream: ScriptedUpstream
    private let blob = SampleBlob(seed: 1, size: 300_000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    // MARK: Many clients

    @Test(arguments: StorageUnderTest.allCases)
    func fortyClientsAtOnceGetEveryByteOfOneTransfer(_ storage: StorageUnderTest) async throws {
        let (driver, folder) = try storage.make()
        defer { _ = folder }
        let mirror = try await ServedMirror(of: upstream, over: driver)
        let blob = SampleBlob(seed: 2, size: 16 << 20)
        upstream.addBlob(blob)
        let gate = upstream.holdBlob(blob.digest, at: 1 << 20)
        let everybodyReads = Barrier(parties: 40)
        let results = try await withThrowingTaskGroup(of: Bool.self) { clients in
            for number in 0..<40 {
                clients.addTask {
                    let pull = try await mirror.pull(blob)
                    let began = try await pull.receive(upTo: 1 << 20)
                    await everybodyReads.arriveAndWait()
                    if number == 0 { gate.release() }
                    return try await pull.receiveRest() && began
                }
            }
            return try await clients.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: true, count: 40))
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
        #expect(upstream.count(.blob(blob.digest)) == 1)
        #expect(
            await mirror.cacheStatuses(of: 40)
                == Array(repeating: "coalesced", count: 39) + ["miss"])
    }

    // MARK: Reading along

    @Test func aSecondClientReadsAlongFromTheFirstByte() async throws {
        let mirror = try await ServedMirror(of: upstream)
        let gate = upstream.holdBlob(blob.digest, at: 200_000)
        let first = try await mirror.pull(blob)
        #expect(try await first.receive(upTo: 200_000))
        let second = try await mirror.pull(blob)
        #expect(try await second.receive(upTo: 200_000))
        gate.release()
        #expect(try await first.receiveRest())
        #expect(try await second.receiveRest())
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    @Test func aRangeThatHasArrivedIsServedWhileTheRestIsOnItsWay() async throws {
        let mirror = try await ServedMirror(of: upstream, clock: ManualClock())
        let gate = upstream.holdBlob(blob.digest, at: 200_000)
        let first = try await mirror.pull(blob)
        #expect(try await first.receive(upTo: 200_000))
        let range = try await mirror.pull(blob, range: "1000-199999")
        #expect(try await range.receiveRest())
        #expect(range.head?["Content-Range"] == "bytes 1000-199999/300000")
        #expect(upstream.bytesSent(of: blob.digest) == 200_000)
        gate.release()
        #expect(try await first.receiveRest())
    }

    @Test func aRangeThatHasNotArrivedWaitsForItsBytes() async throws {
        let mirror = try await ServedMirror(of: upstream)
        let gate = upstream.holdBlob(blob.digest, at: 200_000)
        let range = try await mirror.pull(blob, range: "150000-")
        #expect(try await range.receive(upTo: 200_000))
        #expect(range.head?.status == 206)
        gate.release()
        #expect(try await range.receiveRest())
        #expect(try await mirror.endsHolding(blob))
        #expect(upstream.count(.blob(blob.digest)) == 1)
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    // MARK: Leaving

    @Test(arguments: StorageUnderTest.allCases)
    func aClientThatLeavesAtAThirdLeavesAWholeBlobBehind(_ storage: StorageUnderTest) async throws {
        let (driver, folder) = try storage.make()
        defer { _ = folder }
        let mirror = try await ServedMirror(of: upstream, over: driver)
        let gate = upstream.holdBlob(blob.digest, at: 100_000)
        let first = try await mirror.pull(blob)
        #expect(try await first.receive(upTo: 100_000))
        first.leave()
        gate.release()
        #expect(try await mirror.endsHolding(blob))
        let second = try await mirror.pull(blob)
        #expect(try await second.receiveRest())
        #expect(await mirror.cacheStatuses(of: 2) == ["hit", "miss"])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
        #expect(upstream.count(.blob(blob.digest)) == 1)
    }

    // MARK: Asking only

    @Test func headAsksUpstreamByHeadAndDownloadsNothing() async throws {
        let mirror = try await ServedMirror(of: upstream)
        let answer = try await mirror.ask("HEAD \(ServedMirror.path(of: blob))")
        #expect(answer.status == 200)
        #expect(answer["Content-Length"] == "300000")
        #expect(answer["Docker-Content-Digest"] == blob.digest.text)
        #expect(upstream.requests.map(\.method) == [.head])
        #expect(upstream.bytesSent(of: blob.digest) == 0)
    }

    @Test func headOfABlobOnItsWayAsksNobody() async throws {
        let mirror = try await ServedMirror(of: upstream)
        let gate = upstream.holdBlob(blob.digest, at: 1_000)
        let pull = try await mirror.pull(blob)
        #expect(try await pull.receive(upTo: 1_000))
        let answer = try await mirror.ask("HEAD \(ServedMirror.path(of: blob))")
        #expect(answer["Content-Length"] == "300000")
        #expect(upstream.requests.map(\.method) == [.get])
        gate.release()
        #expect(try await pull.receiveRest())
    }
}
