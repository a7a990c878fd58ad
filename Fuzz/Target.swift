// Sources: Registry/RegistryRoute* Message/RequestTarget* Message/SpanBytes* HTTP1/ChunkedDecoder*
// Sources: HTTP1/HeadParser* Message/HTTP* Message/MessageHead*
// Sources: Sources/MirrorCore/Model/Digest.swift Sources/MirrorCore/Model/RepositoryName.swift
// Sources: Sources/MirrorCore/Model/Reference.swift Sources/MirrorCore/Model/Tag.swift

/// A route that names content is found again by the path that spells it out, and by the same
/// path with every byte percent-encoded.
@c(LLVMFuzzerTestOneInput)
public func fuzzTarget(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let target = RequestTarget(String(decoding: bytes, as: UTF8.self))
    _ = (target["n"], target["last"], target["n="])
    guard let path = path(of: route(target)) else { return 0 }
    precondition(route(RequestTarget(path)) == route(target), "spelled out it is another")
    precondition(route(RequestTarget(encoded(path))) == route(target), "encoded it is another")
    precondition(route(RequestTarget(path + "?n=1")) == route(target), "the query changes it")
    return 0
}

private func route(_ target: RequestTarget) -> RegistryRoute {
    target.withPath { RegistryRoute(path: $0, prefix: "/") } ?? .unknown
}

/// The path of what is named; nil where nothing is.
private func path(of route: RegistryRoute) -> String? {
    switch route {
    case .manifest(let name, let reference): "/v2/\(name)/manifests/\(reference)"
    case .blob(let name, let digest): "/v2/\(name)/blobs/\(digest)"
    case .referrers(let name, let digest): "/v2/\(name)/referrers/\(digest)"
    case .tags(let name): "/v2/\(name)/tags/list"
    case .alive, .base, .baseWithoutSlash, .catalog, .upload, .invalidName, .invalidReference,
        .invalidDigest, .unknown:
        nil
    }
}

/// Slashes are left as they are: the first tells a path from the absolute form.
private func encoded(_ path: String) -> String {
    path.utf8.map { byte in
        byte == UInt8(ascii: "/") ? "/" : (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
    }.joined()
}
