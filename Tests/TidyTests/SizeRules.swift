extension TidyRule {
    private static let columnLimit = 100
    private static let sourceLineLimit = 400
    private static let testLineLimit = 600

    static let sizes: [TidyRule] = [
        TidyRule("a line fits into \(columnLimit) columns") { file in
            file.lines.indices
                .filter { file.lines[$0].count > columnLimit }
                .map { Finding(file, at: $0, "break the line: \(file.lines[$0].count) columns") }
        },
        TidyRule("a file is short enough to be read at one go") { file in
            let limit = file.isSource ? sourceLineLimit : testLineLimit
            guard file.lines.count > limit else { return [] }
            return [Finding(file, at: limit, "give each purpose a file: \(file.lines.count) lines")]
        },
    ]
}
