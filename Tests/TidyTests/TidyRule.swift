/// A habit of this package that can be seen in its source.
struct TidyRule: Sendable, CustomStringConvertible {
    /// The habit as a sentence.
    let description: String
    private let check: @Sendable (SourceFile) -> [Finding]

    init(_ description: String, check: @escaping @Sendable (SourceFile) -> [Finding]) {
        self.description = description
        self.check = check
    }

    static let all = sizes + imports + bannedTexts + safety

    /// Everything in the tree that breaks the rule.
    func findings(in tree: SourceTree) -> [Finding] {
        tree.files.flatMap(check)
    }
}

/// A place that breaks a rule.
struct Finding: CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    /// - Parameter index: the line's index, from 0.
    init(_ file: SourceFile, at index: Int, _ message: String) {
        path = file.path
        line = index + 1
        self.message = message
    }

    /// In the form that editors and compilers use.
    var description: String { "\(path):\(line): \(message)" }
}
