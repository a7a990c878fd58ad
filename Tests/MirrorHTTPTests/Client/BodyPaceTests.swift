import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct BodyPaceTests {
    @Test func dropsUseUpTheTimeThatTheyAreGiven() {
        var pace = BodyPace(.seconds(60))
        for seconds in 1...30 {
            pace.didReceive(1, after: .seconds(2))
            #expect(pace.remaining == .seconds(60 - 2 * seconds))
        }
        pace.didReceive(1, after: .seconds(2))
        #expect(pace.remaining == .zero)
    }

    @Test func enoughBytesMakeItBeginAnew() {
        var pace = BodyPace(.seconds(60))
        pace.didReceive(BodyPace.byteCount - 1, after: .seconds(59))
        #expect(pace.remaining == .seconds(1))
        pace.didReceive(1, after: .seconds(1))
        #expect(pace.remaining == .seconds(60))
    }

    @Test func withoutAnyPatienceItIsWaitedForAnyTime() {
        var pace = BodyPace(.zero)
        pace.didReceive(1, after: .seconds(1_000_000))
        #expect(pace.remaining == nil)
    }

    /// Each byte comes long before silence would end the body.
    @Test func aBodyThatFallsInDropsIsNotWaitedForToItsEnd() async throws {
        let upstream = try ScriptedUpstream()
        let blob = upstream.addBlob(SampleBlob(seed: 1, size: 2 * Int64(BodyPace.byteCount)).bytes)
        let gate = upstream.holdBlob(blob.digest, at: 0)
        var timeouts = ClientTimeouts()
        timeouts.bodyCrawl = .milliseconds(50)
        let client = HTTPClient(group: TestLoops.group, timeouts: timeouts)
        let url = try #require(HTTPURL("\(upstream.url)/v2/library/app/blobs/\(blob.digest)"))
        let response = try await client.send(ClientRequest(.get, url))
        var count = 0
        let error = await #expect(throws: ClientError.self) {
            while true {
                gate.release(bytes: 1)
                count += try await response.body.next()?.count ?? 0
            }
        }
        #expect(error?.code == .timedOut)
        #expect(error?.reason.contains("fewer than 16384 bytes") == true)
        #expect(count < BodyPace.byteCount)
    }
}
