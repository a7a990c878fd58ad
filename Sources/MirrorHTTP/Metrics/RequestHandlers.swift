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
        var end = 0
        while end < target.count, target[end] != UInt8(ascii: "?") { end += 1 }
        guard let last = target.slash(before: end) else { return other }
        let kindEnd = last
        guard let start = target.slash(before: kindEnd) else { return other }
        let kind = target.extracting(start + 1..<kindEnd)
        let rest = target.extracting(last + 1..<end)
        if kind.is("manifests") { return 1 }
        if kind.is("blobs") { return rest.is("uploads") ? 5 : 2 }
        if kind.is("tags") { return 3 }
        if kind.is("uploads") { return 5 }
        if kind.is("referrers") { return 6 }
        guard kind.is("v2") else { return other }
        return rest.isEmpty ? 0 : rest.is("_catalog") ? 4 : other
    }

    private var other: Int { 7 }
}

extension Span<UInt8> {
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
