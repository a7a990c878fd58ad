extension TidyRule {
    /// How many lines above the code its reason may begin.
    private static let reach = 6

    static let safety: [TidyRule] = [
        TidyRule("what the compiler cannot check says why it is safe") { file in
            guard file.isSource else { return [] }
            let unchecked = ["@unchecked Sendable", "nonisolated(unsafe)"]
            return file.code.indices
                .filter { index in unchecked.contains { file.code[index].contains($0) } }
                .filter { !file.givesReason(before: $0, within: reach) }
                .map { Finding(file, at: $0, "say `// Safe: …` above") }
        },
        TidyRule("a file with unsafe expressions says what makes them safe") { file in
            guard file.isSource,
                let first = file.code.firstIndex(where: { $0.hasWord("unsafe ") }),
                !file.givesReason(before: file.lines.endIndex - 1, within: .max)
            else { return [] }
            return [Finding(file, at: first, "say `// Safe: …` above")]
        },
    ]
}

extension SourceFile {
    /// Whether a comment on the line, or in those above it, says why the code is safe.
    fileprivate func givesReason(before index: Int, within reach: Int) -> Bool {
        lines[max(0, index - min(reach, index))...index].contains { line in
            line.contains("// Safe") || line.contains("/// Safe")
        }
    }
}
