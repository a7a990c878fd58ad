internal import MirrorCore

/// A link to the next page of a list, out of `Link` (RFC 8288), as far as paging needs it.
///
/// Where it leads is known already but for the query, so that it can lead to nobody else.
struct LinkField: Hashable {
    /// The query of the link's target; nil where it has none, or one that no request can have.
    let query: String?

    /// The first of the links that leads to the next page.
    static func next(_ values: [String]) -> LinkField? {
        for value in values {
            var rest = Substring(value)
            while let start = rest.firstIndex(of: "<"),
                let end = rest[start...].firstIndex(of: ">")
            {
                let target = rest[rest.index(after: start)..<end]
                rest = rest[rest.index(after: end)...]
                let parameters = rest.prefix { $0 != "<" }
                if parameters.split(whereSeparator: { $0 == ";" || $0 == "," }).contains(
                    where: isNext)
                {
                    return LinkField(target: target)
                }
            }
        }
        return nil
    }

    private init(target: Substring) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? parts[1] : ""
        self.query = Self.isQuery(query) ? String(query) : nil
    }

    /// Whether a request's target can have this behind its question mark.
    static func isQuery(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }
    }

    /// Where a list of tags goes on. A link without a cursor of its own says it by `last`, and one
    /// without anything says only that there is more behind the last tag.
    func position(behind lastTag: String?) -> ListPosition? {
        guard let query else { return lastTag.map { .behind($0) } }
        let target = RequestTarget("/?\(query)")
        let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
        if names.allSatisfy({ $0 == "n" || $0 == "last" }), let last = target["last"] {
            return .behind(last)
        }
        return .link(query)
    }

    private static func isNext(_ parameter: Substring) -> Bool {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, isSame(parts[0].filter { $0 != " " && $0 != "\t" }, "rel") else {
            return false
        }
        return parts[1].split { $0 == " " || $0 == "\"" || $0 == "\t" }
            .contains { isSame($0, "next") }
    }
}
