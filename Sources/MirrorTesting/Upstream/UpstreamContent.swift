internal import MirrorCore

/// What an upstream has.
struct UpstreamContent: Sendable {
    struct Repository: Sendable {
        var manifests: [Digest: SampleManifest] = [:]
        var tags: [String: Digest] = [:]
    }

    var repositories: [String: Repository] = [:]
    /// Blobs are found under every repository.
    var blobs: [Digest: SampleBlob] = [:]
    /// Tags on one page where the client asks for no number or a higher one.
    var tagPageLimit = 1000

    /// Manifest by tag or digest.
    func manifest(_ reference: String, in repository: String) -> SampleManifest? {
        guard let repository = repositories[repository] else { return nil }
        guard let digest = Digest(reference) ?? repository.tags[reference] else { return nil }
        return repository.manifests[digest]
    }

    func manifestAnswer(
        _ reference: String, in repository: String, for request: UpstreamRequest
    ) -> UpstreamAnswer {
        guard let manifest = manifest(reference, in: repository) else {
            return UpstreamAnswer(404, code: "MANIFEST_UNKNOWN", "manifest unknown")
        }
        let etag = "\"\(manifest.digest)\""
        var answer = UpstreamAnswer(
            200,
            [
                FieldLine("Content-Type", manifest.mediaType.text),
                FieldLine("Docker-Content-Digest", manifest.digest.text),
                FieldLine("Docker-Distribution-Api-Version", "registry/2.0"),
                FieldLine("Etag", etag),
            ], SampleBlob(manifest.bytes))
        if request.field("If-None-Match") == etag {
            answer.status = 304
            answer.isHeadOnly = true
        }
        return answer
    }

    func blobAnswer(
        _ digest: Digest, for request: UpstreamRequest, ignoringRange: Bool
    ) -> UpstreamAnswer {
        guard let blob = blobs[digest] else {
            return UpstreamAnswer(404, code: "BLOB_UNKNOWN", "blob unknown to registry")
        }
        var answer = UpstreamAnswer(
            200,
            [
                FieldLine("Content-Type", "application/octet-stream"),
                FieldLine("Docker-Content-Digest", digest.text),
                FieldLine("Accept-Ranges", "bytes"),
                FieldLine("Etag", "\"\(digest)\""),
            ], blob)
        if !ignoringRange, let text = request.field("Range") { answer.serve(rangeField: text) }
        return answer
    }

    func tagsAnswer(_ name: String, for request: UpstreamRequest) -> UpstreamAnswer {
        guard let repository = repositories[name] else {
            return UpstreamAnswer(404, code: "NAME_UNKNOWN", "repository name not known")
        }
        let last = request.query("last") ?? ""
        let limit = min(tagPageLimit, request.query("n").flatMap(Int.init) ?? tagPageLimit)
        let rest = repository.tags.keys.filter { $0 > last }.sorted()
        let page = rest.prefix(limit)
        let list = page.map { "\"\($0)\"" }.joined(separator: ",")
        var answer = UpstreamAnswer(
            200, [FieldLine("Content-Type", "application/json")],
            SampleBlob(#"{"name":"\#(name)","tags":[\#(list)]}"#))
        if rest.count > page.count, let end = page.last {
            answer.set("Link", "</v2/\(name)/tags/list?n=\(limit)&last=\(end)>; rel=\"next\"")
        }
        return answer
    }

    func referrersAnswer(
        _ name: String, to subject: Digest, for request: UpstreamRequest
    ) -> UpstreamAnswer {
        let wanted = request.query("artifactType")
        let found = (repositories[name]?.manifests.values).map(Array.init) ?? []
        let entries = found.filter { manifest in
            manifest.subject == subject && (wanted == nil || wanted == manifest.artifactType)
        }.sorted { $0.digest < $1.digest }.map { manifest in
            manifest.descriptor.json(
                manifest.artifactType.map { #","artifactType":"\#($0)""# } ?? "")
        }
        var answer = UpstreamAnswer(
            200, [FieldLine("Content-Type", MediaType.ociIndex.text)],
            SampleBlob(
                #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":["#
                    + entries.joined(separator: ",") + "]}"))
        if wanted != nil { answer.set("OCI-Filters-Applied", "artifactType") }
        return answer
    }
}

extension UpstreamAnswer {
    /// Narrows the body to one range of bytes (RFC 9110 section 14.1.2). What is no single
    /// range is ignored, as it may be.
    fileprivate mutating func serve(rangeField text: String) {
        let parts = text.dropFirst("bytes=".count).split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.hasPrefix("bytes="), parts.count == 2, !text.contains(",") else { return }
        let size = content.size
        let first: Int64
        var end = size
        if parts[0].isEmpty {
            guard let count = Int64(parts[1]) else { return }
            first = count == 0 ? size : max(0, size - count)
        } else {
            guard let start = Int64(parts[0]) else { return }
            first = start
            if !parts[1].isEmpty {
                guard let last = Int64(parts[1]), last >= first else { return }
                end = min(size, last == .max ? last : last + 1)
            }
        }
        guard first < size else {
            self = UpstreamAnswer(416, code: "RANGE_INVALID", "invalid content range")
            set("Content-Range", "bytes */\(size)")
            return
        }
        status = 206
        range = first..<end
        framing = .length(end - first)
        set("Content-Range", "bytes \(first)-\(end - 1)/\(size)")
    }
}
