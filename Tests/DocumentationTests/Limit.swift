/// Finds the limits that a source file states: whatever is called …Limit or …Timeout, and all
/// there is in a type called …Limits or …Timeouts.
enum Limit {
    /// The limits as `Type.name`, where the type is the innermost whose braces hold the line,
    /// told by its indentation.
    static func names(in source: String) -> [String] {
        var types: [(indentation: Int, name: Substring)] = []
        return source.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let first = words.first, !first.hasPrefix("//") else { return nil }
            let indentation = line.prefix { $0 == " " }.count
            types.removeAll { $0.indentation >= indentation && first != ")" }
            if let index = words.firstIndex(where: typeWords.contains), index + 1 < words.count {
                let name = words[index + 1].drop { !$0.isLetter }
                    .prefix { $0.isLetter || $0.isNumber }
                types.append((indentation, name))
                return nil
            }
            guard let type = types.last?.name, let name = name(words, in: type) else { return nil }
            return "\(type).\(name)"
        }
    }

    private static let typeWords: Set<Substring> = ["struct", "class", "enum", "extension"]
    private static let modifiers: Set<Substring> = [
        "public", "package", "private", "static",
    ]

    private static func name(_ words: [Substring], in type: Substring) -> Substring? {
        let rest = words.drop { modifiers.contains($0) }
        guard let keyword = rest.first, keyword == "let" || keyword == "var" else { return nil }
        guard rest.contains(where: { $0 == "=" || $0 == "{" }) else { return nil }
        // A group of limits has a place of its own, and a status is no limit.
        if let last = words.last, last.hasSuffix("Limits()") || last.hasPrefix("HTTPStatus(") {
            return nil
        }
        let name = rest.dropFirst().first.map { $0.prefix { $0.isLetter || $0.isNumber } } ?? ""
        let isGroup = type.hasSuffix("Limits") || type.hasSuffix("Timeouts")
        if isGroup { return rest.count < words.count || type == "YAMLLimits" ? name : nil }
        if words.contains("static"), name == "limit" { return name }
        return name.hasSuffix("Limit") || name.hasSuffix("Timeout") ? name : nil
    }
}
