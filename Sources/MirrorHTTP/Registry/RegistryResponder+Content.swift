internal import MirrorCore

extension RegistryResponder {
    // MARK: Manifests

    func manifest(
        _ name: RepositoryName, _ reference: Reference, _ head: RequestHead
    ) async throws(DistributionError) -> Response {
        // Who asks for the head need not want what the manifest names.
        let demand: ManifestDemand = head.method == .head ? .text : .image
        do throws(MirrorError) {
            if head.method == .head {
                let answer = try await mirror.manifestDescriptor(reference, in: name)
                let descriptor = answer.content
                guard isUnexpectedList(descriptor.mediaType, reference, head) else {
                    return described(
                        descriptor, answer, head, body: .omitted(size: descriptor.size))
                }
            }
            var answer = try await mirror.manifest(reference, in: name, for: demand)
            if isUnexpectedList(answer.content.mediaType, reference, head) {
                answer = try await imageOfList(answer, in: name, for: demand)
            }
            let manifest = answer.content
            let descriptor = Descriptor(
                mediaType: manifest.mediaType, digest: manifest.digest,
                size: Int64(manifest.bytes.count))
            return described(
                descriptor, answer, head,
                body: head.method == .head
                    ? .omitted(size: descriptor.size) : .bytes(manifest.bytes))
        } catch {
            throw DistributionError(error, missing: .manifestUnknown)
        }
    }

    /// Whether a tag names a list of Docker's that the client did not say it understands. Like the
    /// reference, the mirror answers with an image of it then; all else is served as it is.
    private func isUnexpectedList(
        _ type: MediaType, _ reference: Reference, _ head: RequestHead
    ) -> Bool {
        guard type == .dockerList, case .tag = reference else { return false }
        return !AcceptField(head.fields.values(of: .accept)).takes(type)
    }

    /// The image for the platform that clients from before lists are for; the list itself where it
    /// has none.
    private func imageOfList(
        _ list: Answer<Manifest>, in name: RepositoryName, for demand: ManifestDemand
    ) async throws(MirrorError) -> Answer<Manifest> {
        guard let digest = list.content.child(operatingSystem: "linux", architecture: "amd64")
        else { return list }
        var image = try await mirror.manifest(.digest(digest), in: name, for: demand)
        image.age = list.age
        image.warning = list.warning
        if list.status == .stale { image.status = .stale }
        return image
    }

    private func described<Content>(
        _ descriptor: Descriptor, _ answer: Answer<Content>, _ head: RequestHead,
        body: ResponseContent
    ) -> Response {
        var fields = fields(byteCount: 512)
        fields.append(.contentType, descriptor.mediaType.text)
        identify(descriptor.digest, &fields)
        // Whole seconds since upstream confirmed it (RFC 9111 section 5.1).
        if let age = answer.age { fields.append(.age, age.components.seconds) }
        warn(answer.warning, &fields)
        let notes = [LogField("cache", answer.status.rawValue)]
        if isNotModified(head, descriptor.digest) {
            return Response(.notModified, fields, body: .bytes([]), notes: notes)
        }
        return Response(.ok, fields, body: body, notes: notes)
    }

    // MARK: Blobs

    func blob(
        _ name: RepositoryName, _ digest: Digest, _ head: RequestHead
    ) async throws(DistributionError) -> Response {
        do throws(MirrorError) {
            if head.method == .head {
                let answer = try await mirror.blobInfo(digest, in: name)
                let notes = [LogField("cache", answer.status.rawValue)]
                var fields = blobFields(digest)
                if isNotModified(head, digest) {
                    return Response(.notModified, fields, body: .bytes([]), notes: notes)
                }
                fields.append(.contentType, MediaType.octetStream.text)
                return Response(
                    .ok, fields, body: .omitted(size: answer.content.size), notes: notes)
            }
            let field = isCurrent(head, digest) ? head.fields[.range] : nil
            let ranges = field.flatMap { ByteRangeField($0) }
            let answer = try await mirror.blob(
                digest, in: name, demand: ranges?.isBounded == true ? .ranges : .whole)
            var response = content(answer.content, digest, ranges, head)
            response.notes = [LogField("cache", answer.status.rawValue)]
            return response
        } catch {
            throw DistributionError(error, missing: .blobUnknown)
        }
    }

    private func content(
        _ source: any ContentSource, _ digest: Digest, _ ranges: ByteRangeField?,
        _ head: RequestHead
    ) -> Response {
        var fields = blobFields(digest)
        if isNotModified(head, digest) {
            return Response(.notModified, fields, body: .bytes([]))
        }
        guard let size = source.size, let ranges else {
            fields.append(.contentType, MediaType.octetStream.text)
            return Response(.ok, fields, body: .content(source, nil))
        }
        let resolution = ranges.resolve(size: size)
        if ranges.isBounded { for range in resolution.ranges { source.expect(range) } }
        switch resolution {
        case .whole:
            fields.append(.contentType, MediaType.octetStream.text)
            return Response(.ok, fields, body: .content(source, nil))
        case .one(let range):
            fields.append(.contentType, MediaType.octetStream.text)
            fields.append(.contentRange, contentRange(range, of: size))
            return Response(.partialContent, fields, body: .content(source, range))
        case .several(let ranges):
            let multipart = MultipartRanges(ranges, of: size, type: .octetStream)
            fields.append(.contentType, multipart.contentType)
            return Response(.partialContent, fields, body: .parts(multipart.parts(of: source)))
        case .none:
            return notSatisfiable(size)
        }
    }

    private func notSatisfiable(_ size: Int64) -> Response {
        var fields = fields(byteCount: 256)
        fields.append(.acceptRanges, "bytes")
        fields.append(.contentRange, "bytes */\(size)")
        fields.append(.contentType, "application/json")
        let error = DistributionError(
            .rangeNotSatisfiable, .rangeInvalid, "invalid content range",
            detail: "the blob has \(size) bytes")
        return Response(.rangeNotSatisfiable, fields, body: .bytes(error.body))
    }

    private func blobFields(_ digest: Digest) -> HTTPFields {
        var fields = fields(byteCount: 512)
        identify(digest, &fields)
        fields.append(.acceptRanges, "bytes")
        fields.append(.cacheControl, "max-age=31536000")
        return fields
    }

    /// Says that an answer may not be current (OCI distribution-spec, "Warnings").
    func warn(_ warning: String?, _ fields: inout HTTPFields) {
        if let warning { fields.append(.warning, "299 - \(quoted(warning))") }
    }

    // MARK: Validators

    private func identify(_ digest: Digest, _ fields: inout HTTPFields) {
        fields.append(.dockerContentDigest) { digest.append(to: &$0) }
        fields.append(.etag) {
            $0.append(UInt8(ascii: "\""))
            digest.append(to: &$0)
            $0.append(UInt8(ascii: "\""))
        }
    }

    /// `If-None-Match` names this digest, quoted or, as old clients send it, bare (RFC 9110
    /// section 13.1.2).
    private func isNotModified(_ head: RequestHead, _ digest: Digest) -> Bool {
        guard head.fields.contains(.ifNoneMatch) else { return false }
        let wanted = digest.text
        return head.fields.values(of: .ifNoneMatch).contains { value in
            value.split(separator: ",").contains { entry in
                var tag = entry.drop { $0 == " " }
                if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
                while tag.last == " " { tag.removeLast() }
                return tag == "*" || tag == wanted || tag == "\"\(wanted)\""
            }
        }
    }

    /// A range is meant only of the content that `If-Range` names (RFC 9110 section 13.1.5).
    private func isCurrent(_ head: RequestHead, _ digest: Digest) -> Bool {
        guard let condition = head.fields[.ifRange] else { return true }
        return condition == "\"\(digest.text)\""
    }
}

/// `bytes first-last/size` (RFC 9110 section 14.4).
func contentRange(_ range: Range<Int64>, of size: Int64) -> String {
    "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
}
