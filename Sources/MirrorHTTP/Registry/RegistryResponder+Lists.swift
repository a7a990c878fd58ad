internal import MirrorCore

extension RegistryResponder {
    /// The tags of a repository, page by page (OCI distribution-spec, "Listing Tags").
    func tags(
        _ name: RepositoryName, _ target: RequestTarget, _ scope: RegistryScope
    ) async throws(DistributionError) -> Response {
        let stored = try scope.storedName(of: name)
        let limit = try pageCount(target, limit: options.tagPageLimit)
        let last = target["last"]
        if limit == 0 { return json(list("tags", [], name: name.text)) }
        do throws(MirrorError) {
            let answer = try await mirror.tags(in: stored, after: last, limit: limit)
            let page = answer.content
            var response = json(list("tags", page.tags, name: name.text)) { fields in
                warn(answer.warning, &fields)
                if page.hasMore, let last = page.tags.last {
                    let path = "\(options.prefix)v2/\(name)/tags/list"
                    fields.append(.link, nextLink(path, last: last, limit, scope))
                }
            }
            response.notes = [LogField("cache", answer.status.rawValue)]
            return response
        } catch {
            throw DistributionError(error, missing: .nameUnknown)
        }
    }

    /// What refers to a manifest. Where upstream does not say, clients look for the tag that
    /// stands for it (OCI distribution-spec, "Unavailable Referrers API").
    func referrers(
        _ name: RepositoryName, _ digest: Digest, _ target: RequestTarget
    ) async throws(DistributionError) -> Response {
        do throws(MirrorError) {
            let answer = try await mirror.referrers(
                to: digest, in: name, artifactType: target["artifactType"])
            var fields = fields(byteCount: 256)
            fields.append(.contentType, answer.content.mediaType.text)
            let notes = [LogField("cache", answer.status.rawValue)]
            return Response(.ok, fields, body: .bytes(answer.content.bytes), notes: notes)
        } catch {
            throw DistributionError(error, missing: .manifestUnknown)
        }
    }

    /// The repositories of which something is held.
    func catalog(
        _ target: RequestTarget, _ scope: RegistryScope
    ) async throws(DistributionError) -> Response {
        let most = options.catalogPageLimit
        let limit = try pageCount(target, limit: most) ?? min(options.catalogPageCount, most)
        let last = target["last"].flatMap { RepositoryName($0) }
        if limit == 0 { return json(list("repositories", [])) }
        do throws(MirrorError) {
            let found = try await mirror.repositories(after: last, limit: limit + 1)
            let page = found.prefix(limit).map(\.text)
            return json(list("repositories", page)) { fields in
                if found.count > limit, let last = page.last {
                    let path = "\(options.prefix)v2/_catalog"
                    fields.append(.link, nextLink(path, last: last, limit, scope))
                }
            }
        } catch {
            throw DistributionError(error, missing: .nameUnknown)
        }
    }

    /// How many entries a page is to have; nil when the client does not say. One that wants more
    /// than `limit` gets so many, and a link to the next.
    private func pageCount(
        _ target: RequestTarget, limit: Int
    ) throws(DistributionError) -> Int? {
        guard let text = target["n"] else { return nil }
        guard let count = Int(text), count >= 0 else {
            throw DistributionError(
                .badRequest, .paginationNumberInvalid, "invalid number of results requested",
                detail: "n=\(text)")
        }
        return min(count, limit)
    }

    private func nextLink(
        _ path: String, last: String, _ limit: Int?, _ scope: RegistryScope
    ) -> String {
        let count = limit.map { "&n=\($0)" } ?? ""
        let namespace = scope.parameter(behind: "&")
        return "<\(path)?last=\(percentEncoded(last))\(count)\(namespace)>; rel=\"next\""
    }

    private func list(_ key: String, _ entries: [String], name: String? = nil) -> [UInt8] {
        var bytes = Array("{".utf8)
        if let name {
            bytes += Array("\"name\":".utf8)
            JSONText.append(name, to: &bytes)
            bytes += Array(",".utf8)
        }
        bytes += Array("\"\(key)\":[".utf8)
        for (index, entry) in entries.enumerated() {
            if index > 0 { bytes += Array(",".utf8) }
            JSONText.append(entry, to: &bytes)
        }
        return bytes + Array("]}\n".utf8)
    }
}
