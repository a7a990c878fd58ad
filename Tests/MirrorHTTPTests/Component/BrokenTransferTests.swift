import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// An upstream whose transfers break off, and clients that notice nothing of it.
@Suite(.timeLimit(.minutes(10))) struct BrokenTransferTests {
    private let upstream: ScriptedUpstream
    private let blob = SampleBlob(seed: 5, size: 300_000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    /// What the mirror asked for, one range after another.
    private var ranges: [String?] {
        upstream.requests(.blob(blob.digest).with(method: .get)).map { $0.field("Range") }
    }

    /// How a transfer ends after 100,000 bytes.
    static let faults: [UpstreamFault] = [.reset(after: 100_000), .close(after: 100_000)]

    @Test(arguments: StorageUnderTest.allCases, faults)
    func aTransferIsTakenUpFromTheByteReached(
        _ storage: StorageUnderTest, _ fault: UpstreamFault
    ) async throws {
        let (driver, folder) = try storage.make()
        defer { _ = folder }
        let mirror = try await ServedMirror(of: upstream, over: driver)
        upstream.fail(.blob(blob.digest), with: fault, .once)
        // The bytes have arrived before the connection breaks: a reset may drop those that have
        // not.
        let gate = upstream.holdBlob(blob.digest, at: 100_000, .once)
        let clients = [try await mirror.pull(blob), try await mirror.pull(blob)]
        for client in clients { #expect(try await client.receive(upTo: 100_000)) }
        gate.release()
        for client in clients {
            #expect(try await client.receiveRest())
            #expect(client.head?["Content-Length"] == "300000")
        }
        #expect(ranges == [nil, "bytes=100000-"])
        let conditions = upstream.requests(.blob(blob.digest)).map { $0.field("If-Range") }
        #expect(conditions == [nil, "\"\(blob.digest)\""])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    @Test func aTransferThatBreaksAgainAndAgainGoesOnAsLongAsBytesCome() async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .close(after: 50_000), .times(5))
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(
            ranges == [nil] + [50_000, 100_000, 150_000, 200_000, 250_000].map { "bytes=\($0)-" })
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    @Test func aTransferThatFallsSilentIsBrokenOffAndTakenUp() async throws {
        var timeouts = ClientTimeouts()
        timeouts.bodySilence = .milliseconds(300)
        let mirror = try await ServedMirror(of: upstream, timeouts: timeouts)
        upstream.fail(.blob(blob.digest), with: .stall(after: 100_000), .once)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(ranges.prefix(2) == [nil, "bytes=100000-"])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    @Test func aLinkThatHasExpiredMeanwhileIsReplaced() async throws {
        upstream.redirectBlobs(linkUseLimit: 1)
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .close(after: 100_000), .once)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.count(.redirect(blob.digest)) == 2)
        #expect(ranges == [nil, "bytes=100000-"])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    @Test func anUpstreamWithoutRangesSendsAgainAndClientsStillNoticeNothing() async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .close(after: 100_000), .once)
        upstream.fail(.blob(blob.digest), with: .ignoreRange)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.bytesSent(of: blob.digest) == blob.size + 100_000)
    }

    @Test func aLinkThatIsWorthlessFromTheStartIsReplaced() async throws {
        upstream.redirectBlobs()
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .status(403), .once)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.count(.redirect(blob.digest)) == 2)
        #expect(upstream.bytesSent(of: blob.digest) - blob.size < 200)
    }

    @Test func aTokenThatIsRevokedInTheMiddleIsReplaced() async throws {
        upstream.require(.bearer(TokenPolicy()))
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .close(after: 100_000), uses: .once.after(1))
        let gate = upstream.holdBlob(blob.digest, at: 100_000, .once.after(1))
        let client = try await mirror.pull(blob)
        #expect(try await client.receive(upTo: 100_000))
        upstream.revokeTokens()
        gate.release()
        #expect(try await client.receiveRest())
        #expect(upstream.count(.token) == 2)
        let statuses = upstream.requests(.blob(blob.digest)).map(\.status)
        #expect(statuses == [401, 200, 401, 206])
    }

    /// What no server should say of a range: that it is another, and what makes no sense.
    static let wrongRanges = ["bytes 0-9/300000", "bytes 99999-299999/300000", "nonsense"]

    @Test(arguments: wrongRanges)
    func whereRangesAreWrongTheBlobIsAskedForFromItsStart(_ range: String) async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .close(after: 100_000), .once)
        upstream.fail(.blob(blob.digest), with: .contentRange(range), .once)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(ranges == [nil, "bytes=100000-", nil])
    }

    @Test func anUpstreamThatIsGoneForGoodIsToldByTheConnection() async throws {
        let mirror = try await ServedMirror(of: upstream)
        let gate = upstream.holdBlob(blob.digest, at: 100_000)
        let client = try await mirror.pull(blob)
        #expect(try await client.receive(upTo: 100_000))
        upstream.stop()
        gate.release()
        #expect(try await client.isCutShort())
        try upstream.restart()
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(ranges == [nil, "bytes=100000-"])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }

    /// Chunks, small packets, and a body that ends with the connection.
    static let framings: [UpstreamFault] = [
        .chunked(size: 7_001), .pieces(of: 1_459), .untilClose, .closeBehind,
    ]

    @Test(arguments: framings)
    func anyFramingGivesTheSameBytes(_ framing: UpstreamFault) async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: framing)
        let answer = try await mirror.ask("GET \(ServedMirror.path(of: blob))")
        #expect(answer.body == blob.bytes)
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
    }
}
