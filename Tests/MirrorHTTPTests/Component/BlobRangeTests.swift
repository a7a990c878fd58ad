import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Parts of a blob, as clients ask for them that resume, read lazily or fetch in chunks.
@Suite(.timeLimit(.minutes(10))) struct BlobRangeTests {
    private static let mebibyte: Int64 = 1 << 20
    private let upstream: ScriptedUpstream
    private let blob = SampleBlob(seed: 8, size: 16 * Self.mebibyte)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    // MARK: Several ranges at once

    /// The body that holds these ranges between the boundaries that an answer states.
    private func multipart(_ ranges: [Range<Int64>], of answer: RawAnswer) -> [UInt8] {
        let boundary = answer["Content-Type"]?.split(separator: "boundary=").last ?? ""
        let parts = ranges.map { range in
            let head =
                "\r\n--\(boundary)\r\nContent-Type: application/octet-stream\r\nContent-Range: "
                + "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(blob.size)\r\n\r\n"
            return Array(head.utf8) + blob.bytes(in: range)
        }
        return parts.joined() + Array("\r\n--\(boundary)--\r\n".utf8)
    }

    /// Asks for these ranges at once; whether they come as parts of one answer.
    private func areServed(
        _ ranges: [Range<Int64>], by mirror: ServedMirror
    ) async throws -> Bool {
        let list = ranges.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ",")
        let answer = try await mirror.ask(
            "GET \(ServedMirror.path(of: blob))", "Range: bytes=\(list)")
        return answer.status == 206
            && answer["Content-Type"]?.hasPrefix("multipart/byteranges; boundary=") == true
            && answer["Content-Length"] == "\(answer.body.count)"
            && answer.body == multipart(ranges, of: answer)
    }

    /// One at the beginning, one in the middle, one at the end.
    private var ranges: [Range<Int64>] {
        [5..<20, 8 * Self.mebibyte..<8 * Self.mebibyte + 3000, blob.size - 7..<blob.size]
    }

    @Test func severalRangesOfAMissingBlobAreParts() async throws {
        let mirror = try await ServedMirror(of: upstream, clock: ManualClock())
        #expect(try await areServed(ranges, by: mirror))
        #expect(try await mirror.endsHolding(blob))
        #expect(try await areServed(ranges, by: mirror))
        #expect(await mirror.cacheStatuses(of: 2) == ["hit", "miss"])
    }

    @Test func severalRangesOfAGrowingBlobAreParts() async throws {
        let mirror = try await ServedMirror(of: upstream, clock: ManualClock())
        let gate = upstream.holdBlob(blob.digest, at: 2 * Self.mebibyte)
        let whole = try await mirror.pull(blob)
        #expect(try await whole.receive(upTo: 2 * Self.mebibyte - 1))
        // What has arrived is served while the rest is on its way.
        #expect(try await areServed([5..<20, Self.mebibyte..<Self.mebibyte + 9], by: mirror))
        #expect(upstream.bytesSent(of: blob.digest) == 2 * Self.mebibyte)
        async let areServed = areServed(ranges, by: mirror)
        gate.release()
        #expect(try await areServed)
        #expect(try await whole.receiveRest())
        #expect(await mirror.cacheStatuses(of: 3) == ["coalesced", "coalesced", "miss"])
    }

    // MARK: Ranges without an end

    @Test func oneThatIsDroppedAfterAChunkCostsNoRequestAndIsNoError() async throws {
        let log = RecordingSink()
        let mirror = try await ServedMirror(of: upstream, logger: Logger(sink: log))
        let gate = upstream.holdBlob(blob.digest, at: 4 * Self.mebibyte)
        for chunk in 0..<4 {
            let start = Int64(chunk) * Self.mebibyte
            let pull = try await mirror.pull(blob, range: "\(start)-")
            #expect(try await pull.receive(upTo: start + Self.mebibyte - 1))
            #expect(pull.status == 206)
            pull.leave()
        }
        // Far ahead of what has arrived, too.
        let ahead = try await mirror.pull(blob, range: "\(12 * Self.mebibyte)-")
        gate.release()
        #expect(try await ahead.receive(upTo: 13 * Self.mebibyte))
        ahead.leave()
        #expect(try await mirror.endsHolding(blob))
        #expect(upstream.requests.count == 1)
        #expect(upstream.bytesSent(of: blob.digest) == blob.size)
        for exchange in await mirror.exchanges(5) {
            RequestLog(Logger(sink: log), accessLog: nil).didComplete(exchange)
        }
        #expect(log.messages(.info).count { $0.hasPrefix("response ") } == 5)
        #expect(log.messages(.warning) == [] && log.messages(.error) == [])
    }
}
