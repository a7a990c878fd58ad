internal import MirrorCore

extension RegistryResponder {
    /// The tags of a repository, page by page (OCI distribution-spec, "Listing Tags").
    func tags(
        _ name: RepositoryName, _ target: RequestTarget, _ scope: RegistryScope
    ) async throws(DistributionError) -> Response {
        let stored = try scope.storedName(of: name)
        let limit = try pageCount(target, limit: options.tagPageLimit)
        if limit == 0 { return json(list("tags", [], name: name.text)) }
        let position = try cursor(target) ?? target["last"].map { .behind($0) } ?? .start
        do throws(MirrorError) {
            let answer = try await mirror.tags(in: stored, from: position, limit: limit)
            let page = answer.content
            var response = json(list("tags", page.tags, name: name.text)) { fields in
                warn(answer.warning, &fields)
                if let next = page.next {
                    let path = "\(options.prefix)v2/\(name)/tags/list"
                    fields.append(.link, link(path, to: next, limit, scope))
                }
            }
            response.notes = [LogField("cache", answer.status.rawValue)]
            return response
        } catch {
            throw DistributionError(error, missing: .nameUnknown)
        }
    }

    /// What refers to a manifest, page by page (OCI distribution-spec, "Listing Referrers").
    func referrers(
        _ name: RepositoryName, _ digest: Digest, _ target: RequestTarget, _ scope: RegistryScope
    ) async throws(DistributionError) -> Response {
        let stored = try scope.storedName(of: name)
        let filter = target["artifactType"].flatMap { $0.isEmpty ? nil : $0 }
        let position = try cursor(target) ?? .start
        do throws(MirrorError) {
            let answer = try await mirror.referrers(
                to: digest, in: stored, artifactType: filter, from: position)
            let page = answer.content
            var fields = fields(byteCount: 512)
            fields.append(.contentType, MediaType.ociIndex.text)
            if filter != nil { fields.append(.ociFiltersApplied, "artifactType") }
            if let next = page.next {
                let path = "\(options.prefix)v2/\(name)/referrers/\(digest)"
                fields.append(.link, link(path, to: next, nil, scope, filter: filter))
            }
            if let age = answer.age { fields.append(.age, age.components.seconds) }
            warn(answer.warning, &fields)
            let notes = [LogField("cache", answer.status.rawValue)]
            return Response(.ok, fields, body: .bytes(page.index.bytes), notes: notes)
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
                    fields.append(.link, link(path, to: .behind(last), limit, scope))
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

    /// Where the page begins that a request asks for by a cursor: what stands in the upstream's own
    /// link, and comes out of one of ours.
    private func cursor(
        _ target: RequestTarget
    ) throws(DistributionError) -> ListPosition? {
        guard let query = target[Self.cursor] else { return nil }
        guard LinkField.isQuery(query) else {
            throw DistributionError(
                .badRequest, .paginationNumberInvalid, "invalid cursor", detail: query)
        }
        return .link(query)
    }

    private static let cursor = "cursor"

    /// A link to the page that begins at `position`.
    private func link(
        _ path: String, to position: ListPosition, _ limit: Int?, _ scope: RegistryScope,
        filter: String? = nil
    ) -> String {
        var parameters: [String] = []
        switch position {
        case .start: break
        case .behind(let last):
            parameters.append("last=\(percentEncoded(last))")
            if let limit { parameters.append("n=\(limit)") }
        case .link(let query): parameters.append("\(Self.cursor)=\(percentEncoded(query))")
        }
        if let filter { parameters.append("artifactType=\(percentEncoded(filter))") }
        let query = parameters.joined(separator: "&") + scope.parameter(behind: "&")
        return "<\(path)?\(query)>; rel=\"next\""
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
