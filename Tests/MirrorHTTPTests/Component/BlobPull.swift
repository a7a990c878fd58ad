import MirrorCore
import MirrorTesting

@testable import MirrorHTTP

/// One client's download of a blob, which compares what it gets with what it should get.
final class BlobPull {
    private static let blockByteCount: Int64 = 1 << 20

    private let blob: SampleBlob
    private let client: RawClient
    private var offset: Int64 = 0
    private var end: Int64 = 0

    /// The answer's head, once some of it was received.
    private(set) var head: RawAnswer?

    init(_ blob: SampleBlob, over client: RawClient) {
        self.blob = blob
        self.client = client
    }

    var status: Int? { head?.status }

    /// Receives the bytes before `offset` of the blob; false where others come, or fewer.
    func receive(upTo offset: Int64) async throws -> Bool {
        if head == nil { try await receiveHead() }
        while self.offset < offset {
            let next = self.offset..<min(offset, self.offset + Self.blockByteCount)
            let received = try await client.receive(next.count)
            // In a debug build hashes are compared much faster than arrays.
            guard Digest(of: received) == Digest(of: blob.bytes(in: next)) else { return false }
            self.offset = next.upperBound
        }
        return true
    }

    /// Receives all that was stated and not received yet; false where others come, or fewer.
    func receiveRest() async throws -> Bool {
        if head == nil { try await receiveHead() }
        return try await receive(upTo: end)
    }

    /// Receives the rest, whatever it is; whether the connection ends before its stated end.
    func isCutShort() async throws -> Bool {
        if head == nil { try await receiveHead() }
        let rest = Int(end - offset)
        return try await client.receive(rest).count < rest
    }

    /// Goes away in the middle.
    func leave() {
        client.close()
    }

    /// Receives the head, and by it which bytes follow.
    func receiveHead() async throws {
        let text = try await client.receiveHead()
        let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        let head = RawAnswer(status: status ?? 0, head: text, body: [])
        self.head = head
        let range = head["Content-Range"].flatMap { ContentRange($0) }?.bytes
        offset = range?.lowerBound ?? 0
        end = offset + (head["Content-Length"].flatMap { Int64($0) } ?? 0)
    }
}
