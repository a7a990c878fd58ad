internal import FoundationEssentials
public import MirrorCore
internal import MirrorSystem

extension RegistryUpstream {
    /// Asks with HEAD, which costs no pull at Docker Hub; with GET only where HEAD is not served
    /// or does not tell the digest.
    public func resolve(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution {
        let url = endpoint.manifest(.tag(tag), in: repository)
        let response = try await ask(.head, url, Self.manifestFields, in: repository)
        switch response.head.status.code {
        case 200:
            let fields = response.head.fields
            if let digest = fields[.dockerContentDigest].flatMap({ Digest($0) }) {
                return Resolution(
                    digest: digest, mediaType: fields[.contentType].map { MediaType($0) },
                    size: fields[.contentLength].flatMap(decimal))
            }
        case 405, 501: break
        default: throw await UpstreamFailure.error(for: response, to: .head)
        }
        return try await resolveByFetching(tag, in: repository)
    }

    private func resolveByFetching(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution {
        let manifest = try await manifest(.tag(tag), in: repository)
        let hasher = ContentHasher(.sha256)
        hasher.update(manifest.bytes)
        let hash = hasher.finish()
        guard let digest = Digest(.sha256, hash: hash.span) else {
            throw UpstreamError(.invalid, "\(repository):\(tag) cannot be hashed")
        }
        return Resolution(
            digest: digest, mediaType: manifest.mediaType, size: Int64(manifest.bytes.count),
            manifest: manifest)
    }

    /// Gets a manifest of at most ``manifestByteLimit`` bytes.
    public func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest {
        let url = endpoint.manifest(reference, in: repository)
        let response = try await ask(.get, url, Self.manifestFields, in: repository)
        return try await fetched(response, limit: Self.manifestByteLimit)
    }

    /// Gets one page of referrers.
    public func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage {
        let url = endpoint.referrers(to: digest, in: repository, from: position)
        let fields = fields(accepting: MediaType.ociIndex.text)
        let response = try await ask(.get, url, fields, in: repository)
        // Not every server that lacks the API says so with 404.
        if [405, 406, 501].contains(response.head.status.code) {
            let error = await UpstreamFailure.error(for: response, to: .get)
            throw UpstreamError(.notFound, error.reason)
        }
        let next = LinkField.next(response.head.fields.values(of: .link))
        return ReferrerPage(
            index: try await fetched(response, limit: Self.listByteLimit),
            next: next?.query.map { .link($0) })
    }

    /// Gets one page of tags.
    public func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage {
        let url = endpoint.tags(in: repository, from: position, limit: limit)
        let response = try await ask(
            .get, url, fields(accepting: "application/json"), in: repository)
        let next = LinkField.next(response.head.fields.values(of: .link))
        let page = try await fetched(response, limit: Self.listByteLimit)
        guard let list = try? JSONDecoder().decode(TagList.self, from: Data(page.bytes)) else {
            throw UpstreamError(.invalid, "GET \(response.url): not a list of tags")
        }
        let tags = list.tags ?? []
        return TagPage(tags: tags, next: next?.position(behind: tags.last))
    }

    private func fetched(
        _ response: ClientResponse, limit: Int
    ) async throws(UpstreamError) -> FetchedManifest {
        guard response.head.status == .ok else {
            throw await UpstreamFailure.error(for: response, to: .get)
        }
        try requireIdentity(response)
        let bytes: [UInt8]?
        do throws(ClientError) {
            bytes = try await response.body.collect(limit: limit)
        } catch {
            throw UpstreamFailure.error(error)
        }
        guard let bytes else {
            throw UpstreamError(.invalid, "GET \(response.url): more than \(limit) bytes")
        }
        let type = MediaType(response.head.fields[.contentType] ?? "")
        return FetchedManifest(bytes: bytes, mediaType: type)
    }

    /// The four types of manifests, and whatever else there is.
    static let manifestFields = fields(
        accepting: (MediaType.manifests.map(\.text) + ["*/*;q=0.1"]).joined(separator: ", "))

    private struct TagList: Decodable {
        /// Null where all tags were deleted.
        let tags: [String]?
    }
}

/// Fields that ask for a type of content, in no other encoding than its own: what has a digest
/// must come as it is.
func fields(accepting types: String) -> HTTPFields {
    var fields = HTTPFields()
    fields.append(.accept, types)
    fields.append("Accept-Encoding", "identity")
    return fields
}

/// Refuses content that was encoded although nobody asked for it.
func requireIdentity(_ response: ClientResponse) throws(UpstreamError) {
    guard let coding = response.head.fields["Content-Encoding"], !isSame(coding, "identity") else {
        return
    }
    response.body.cancel()
    throw UpstreamError(.invalid, "GET \(response.url): sent in an encoding that was not asked for")
}
