/// Reads `Link` (RFC 8288), as far as paging needs it.
enum LinkField {
    /// Whether one of the links leads to the next page.
    static func hasNext(_ values: [String]) -> Bool {
        values.contains { value in
            var rest = Substring(value)
            while let start = rest.firstIndex(of: "<"),
                let end = rest[start...].firstIndex(of: ">")
            {
                rest = rest[rest.index(after: end)...]
                let parameters = rest.prefix { $0 != "<" }
                if parameters.split(whereSeparator: { $0 == ";" || $0 == "," }).contains(
                    where: isNext)
                {
                    return true
                }
            }
            return false
        }
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
