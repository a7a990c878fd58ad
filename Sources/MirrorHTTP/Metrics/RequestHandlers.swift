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
        case 9 where kind.is("manifests"): return 1
        case 9 where kind.is("referrers"): return 6
        case 5 where kind.is("blobs"): return rest.is("uploads") ? 5 : 2
        case 4 where kind.is("tags"): return 3
        case 7 where kind.is("uploads"): return 5
        case 2 where kind.is("v2"): return rest.isEmpty ? 0 : rest.is("_catalog") ? 4 : other
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

    fileprivate func `is`(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = text.description.utf8.span
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}
