internal import MirrorCore

/// What requests are told apart by in a server's numbers: which part of the API they are for.
public protocol RequestHandlers: Sendable {
    /// All parts. The last is that of requests that no other is for.
    var names: [String] { get }

    /// The place among the ``names`` of the part that a request is for. Asked of every request,
    /// before it is answered: it is quick.
    func place(of head: RequestHead) -> Int
}

/// The parts of the registry's API, as the reference registry names them, and two more.
public struct RegistryHandlers: RequestHandlers {
    /// `base` is `/v2/`; `referrers` and `other` the reference does not count.
    public let names = [
        "base", "manifest", "blob", "tags", "catalog", "blob_upload", "referrers", "other",
    ]

    private let manifests = Array("manifests".utf8)
    private let referrers = Array("referrers".utf8)
    private let uploads = Array("uploads".utf8)
    private let blobs = Array("blobs".utf8)
    private let tags = Array("tags".utf8)
    private let version = Array("v2".utf8)
    private let catalog = Array("_catalog".utf8)

    /// Recognises the API at any prefix.
    public init() {}

    /// Looks at the end of the path, where all but the repository's name stands.
    public func place(of head: RequestHead) -> Int {
        let target = head.target.utf8.span
        let found = place(target, endingAt: target.endOfShortQuery)
        if found != other { return found }
        // A query may hold slashes.
        return target.firstQuestionMark.map { place(target, endingAt: $0) } ?? other
    }

    private func place(_ target: Span<UInt8>, endingAt end: Int) -> Int {
        guard let last = target.lastSlash(before: end), let start = target.slash(before: last)
        else { return other }
        let kind = target.extracting(start + 1..<last)
        let rest = target.extracting(last + 1..<end)
        switch kind.count {
        case 9: return kind.equals(manifests) ? 1 : kind.equals(referrers) ? 6 : other
        case 7: return kind.equals(uploads) ? 5 : other
        case 5: return !kind.equals(blobs) ? other : rest.equals(uploads) ? 5 : 2
        case 4: return kind.equals(tags) ? 3 : other
        case 2 where kind.equals(version):
            return rest.isEmpty ? 0 : rest.equals(catalog) ? 4 : other
        default: return other
        }
    }

    private var other: Int { 7 }
}

extension Span<UInt8> {
    /// Bytes of `/sha256:` and the digits behind it.
    private static var digestByteCount: Int { 72 }

    /// Where the path ends, as far as what stands behind its last slash tells.
    fileprivate var endOfShortQuery: Int {
        if lastSlashIsBeforeDigest(count) { return count }
        var index = count - 1
        while index >= 0, self[index] != UInt8(ascii: "/") {
            if self[index] == UInt8(ascii: "?") { return index }
            index -= 1
        }
        return count
    }

    fileprivate var firstQuestionMark: Int? {
        (0..<count).first { self[$0] == UInt8(ascii: "?") }
    }

    /// Most paths end in a digest, which need not be looked through.
    private func lastSlashIsBeforeDigest(_ end: Int) -> Bool {
        let start = end - Self.digestByteCount
        return start >= 0 && self[start] == UInt8(ascii: "/")
            && self[start + 7] == UInt8(ascii: ":")
    }

    fileprivate func lastSlash(before end: Int) -> Int? {
        lastSlashIsBeforeDigest(end) ? end - Self.digestByteCount : slash(before: end)
    }

    fileprivate func slash(before end: Int) -> Int? {
        var index = end - 1
        while index >= 0, self[index] != UInt8(ascii: "/") { index -= 1 }
        return index < 0 ? nil : index
    }

    fileprivate func equals(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}
