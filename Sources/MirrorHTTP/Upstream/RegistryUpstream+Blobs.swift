public import MirrorCore
internal import Synchronization

extension RegistryUpstream {
    /// Asks with HEAD; by a GET of one byte where HEAD is refused, as some registries do, or does
    /// not tell the size.
    public func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        let url = endpoint.blob(digest, in: repository)
        let response = try await ask(.head, url, fields(accepting: "*/*"), in: repository)
        switch response.head.status.code {
        case 200:
            let size = response.head.fields[.contentLength].flatMap(decimal)
            if let size { return BlobInfo(size: size, mediaType: mediaType(response)) }
        case 401, 403, 405, 501: break
        default: throw await UpstreamFailure.error(for: response, to: .head)
        }
        return try await blobInfoByFetching(url, in: repository)
    }

    private func blobInfoByFetching(
        _ url: HTTPURL?, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        var fields = fields(accepting: "*/*")
        fields.append(.range, "bytes=0-0")
        let response = try await ask(.get, url, fields, in: repository)
        let range = response.head.fields[.contentRange].flatMap { ContentRange($0) }
        let size: Int64?
        switch response.head.status.code {
        case 206: size = range?.total
        case 200: size = response.body.statedLength
        // No byte lies in the range only where there is none at all.
        case 416 where range?.total == 0: size = 0
        default: throw await UpstreamFailure.error(for: response, to: .get)
        }
        defer { response.body.cancel() }
        return BlobInfo(size: size, mediaType: mediaType(response))
    }

    /// Opens a blob from `offset` on, or from its beginning where the upstream takes no ranges or
    /// has other content than before.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload {
        var fields = fields(accepting: "*/*")
        if offset > 0 || end != nil {
            fields.append(.range) { bytes in
                bytes += "bytes=".utf8
                appendDecimal(offset, to: &bytes)
                bytes.append(UInt8(ascii: "-"))
                if let end { appendDecimal(end - 1, to: &bytes) }
            }
            if let validator { fields.append("If-Range", validator) }
        }
        let url = endpoint.blob(digest, in: repository)
        let response = try await ask(.get, url, fields, in: repository, awaitsBody: true)
        let range = response.head.fields[.contentRange].flatMap { ContentRange($0) }
        switch response.head.status.code {
        case 200:
            try requireIdentity(response)
            let size = response.body.statedLength
            return RegistryDownload(response, 0..<(size ?? .max), totalSize: size)
        case 206:
            try requireIdentity(response)
            return try partial(response, stating: range, from: offset, to: end)
        case 416:
            guard let total = range?.total, total <= offset else { fallthrough }
            // All of a blob whose size was not known had come already.
            await response.body.skip()
            return NoDownload(totalSize: total, offset: offset)
        default: throw await UpstreamFailure.error(for: response, to: .get)
        }
    }

    private func partial(
        _ response: ClientResponse, stating stated: ContentRange?, from offset: Int64,
        to end: Int64?
    ) throws(UpstreamError) -> RegistryDownload {
        // A server may send less than what was asked for; the rest is asked for again.
        guard let range = stated?.bytes, range.lowerBound == offset,
            range.upperBound < end ?? stated?.total ?? .max
        else {
            response.body.cancel()
            throw UpstreamError(
                .invalid, "GET \(response.url): asked for bytes from \(offset) on, got others")
        }
        return RegistryDownload(response, Range(range), totalSize: stated?.total)
    }

    private func mediaType(_ response: ClientResponse) -> MediaType? {
        response.head.fields[.contentType].map { MediaType($0) }
    }
}

/// A blob on its way from a registry.
final class RegistryDownload: BlobDownload {
    let totalSize: Int64?
    let offset: Int64
    let validator: String?
    private let body: ResponseBody
    /// How many bytes there are still to come at most.
    private let rest: Mutex<Int64>

    init(_ response: ClientResponse, _ range: Range<Int64>, totalSize: Int64?) {
        body = response.body
        let tag = response.head.fields[.etag]
        // A weak tag promises no equal bytes.
        validator = tag?.hasPrefix("\"") == true ? tag : nil
        self.totalSize = totalSize
        offset = range.lowerBound
        rest = Mutex(Int64(range.count))
    }

    func next() async throws(UpstreamError) -> [UInt8]? {
        let block: [UInt8]?
        do throws(ClientError) {
            block = try await body.next()
        } catch {
            throw UpstreamFailure.error(error)
        }
        let isTooMuch = rest.withLock { rest in
            rest -= Int64(block?.count ?? 0)
            return rest < 0
        }
        if isTooMuch {
            throw UpstreamError(.invalid, "upstream sent more than the range that it stated")
        }
        return block
    }

    func cancel() {
        body.cancel()
    }

    func endWhenIdle() {
        body.endWhenIdle()
    }
}

/// Nothing: where it was asked for, the blob has no more bytes.
final class NoDownload: BlobDownload {
    let totalSize: Int64?
    let offset: Int64
    let validator: String? = nil

    init(totalSize: Int64, offset: Int64) {
        self.totalSize = totalSize
        self.offset = offset
    }

    func next() async throws(UpstreamError) -> [UInt8]? { nil }

    func cancel() {}
}
