import MirrorCore
import MirrorTesting

@testable import MirrorHTTP

/// The registry's API over a mirror in memory: request values in, response values out.
struct RegistryUnderTest {
    let upstream = UpstreamDouble()
    let responder: RegistryResponder

    /// - Parameter other: asked instead of ``upstream``.
    init(
        _ options: RegistryResponder.Options = RegistryResponder.Options(),
        upstream other: (any UpstreamFetcher)? = nil,
        freshness: FreshnessPolicy = FreshnessPolicy(), time: any TimeSource = SystemTimeSource()
    ) {
        let mirror = RegistryMirror(
            storage: MemoryDriver(), upstream: other ?? upstream, freshness: freshness,
            eviction: KeepingScheduler(), mayDelete: false, time: time)
        responder = RegistryResponder(mirror, options: options)
    }

    /// A response with its body read to the end.
    struct Answer {
        let status: HTTPStatus
        let fields: HTTPFields
        /// What was read; nil where the body broke off.
        let body: [UInt8]?
        /// What `Content-Length` would say.
        let size: Int64?
        let notes: [LogField]
        let user: String?

        var text: String { String(decoding: body ?? [], as: UTF8.self) }
        subscript(name: HTTPFieldName) -> String? { fields[name] }
        func note(_ name: String) -> LogValue? { notes.first { $0.name == name }?.value }
    }

    func ask(
        _ method: String = "GET", _ target: String,
        _ fields: KeyValuePairs<HTTPFieldName, String> = [:],
        identity: TLSClientIdentity? = nil
    ) async -> Answer {
        var head = RequestHead(method: HTTPMethod(method), target: target)
        for (name, value) in fields { head.fields.append(name, value) }
        let response = await responder.respond(
            to: Request(head: head, remoteAddress: "192.0.2.1", clientIdentity: identity))
        return Answer(
            status: response.status, fields: response.fields, body: await read(response.body),
            size: response.body.size, notes: response.notes, user: response.user)
    }

    /// Pulls the blobs of an image.
    func pullBlobs(of image: SampleImage, in repository: String = "library/a") async {
        for blob in image.blobs {
            upstream.add(blob)
            _ = await ask("GET", "/v2/\(repository)/blobs/\(blob.digest)")
        }
    }

    private func read(_ content: ResponseContent) async -> [UInt8]? {
        switch content {
        case .bytes(let bytes): return bytes
        case .omitted: return []
        case .content(let source, let range):
            return await read(source, range ?? 0..<(source.size ?? .max))
        case .parts(let parts):
            var bytes: [UInt8] = []
            for part in parts {
                switch part {
                case .bytes(let more): bytes += more
                case .content(let source, let range):
                    guard let more = await read(source, range) else { return nil }
                    bytes += more
                }
            }
            return bytes
        }
    }

    private func read(_ source: any ContentSource, _ range: Range<Int64>) async -> [UInt8]? {
        var bytes: [UInt8] = []
        do {
            while Int64(bytes.count) < Int64(range.count) {
                let offset = range.lowerBound + Int64(bytes.count)
                let piece = try await source.piece(at: offset, limit: range.upperBound - offset)
                guard case .bytes(let more) = piece else { return bytes }
                bytes += more
            }
        } catch {
            return nil
        }
        return bytes
    }
}
