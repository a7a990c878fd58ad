import Testing

/// The habits of the package, read off its own source.
@Suite struct TidyTests {
    private static let tree = Result { try SourceTree.ofThisPackage() }

    @Test(arguments: TidyRule.all)
    func holds(_ rule: TidyRule) throws {
        let findings = try rule.findings(in: Self.tree.get())
        #expect(findings.isEmpty, "\n\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test func findsTheSource() throws {
        let paths = try Self.tree.get().files.map(\.path)
        #expect(paths.contains("Sources/MirrorSystem/SystemError.swift"))
        #expect(paths.contains("Tests/TidyTests/TidyTests.swift"))
    }

    /// Lines, each with whether some rule must object to it in a file of MirrorCore.
    @Test(arguments: [
        ("import Foundation", true), ("import FoundationEssentials", false),
        ("internal import Glibc", true), ("public import MirrorHTTP", true),
        ("package import MirrorSystem", false), ("import struct Foundation.Data", true),
        ("// import Foundation", false),
        ("Task { await work() }", true), ("group.addTask { }", false),
        ("let task = Task(name: name) { }", true), ("let work: Task<Void, Never>", false),
        ("print(bytes)", true), ("fingerprint(bytes)", false), ("let a = \"print(b)\"", false),
        ("let a = #\"\\\"print(b)\"#", false), ("call(\"a\\\"\"); print(b)", true),
        ("let value = try! work()", true), ("let value = try? work()", false),
        ("// TO" + "DO: later", true), ("final class A: @unchecked Sendable {}", true),
        ("final class A: @unchecked Sendable {} // Safe: it is empty", false),
        ("let a = unsafe b", true), ("let a = unsafe b // Safe: for a reason", false),
        (String(repeating: "x", count: 101), true), (String(repeating: "x", count: 100), false),
    ])
    func objects(_ line: String, _ isBroken: Bool) throws {
        let file = SourceFile(path: "Sources/MirrorCore/Example.swift", text: line)
        let findings = TidyRule.all.flatMap { $0.findings(in: SourceTree(files: [file])) }
        #expect(!findings.isEmpty == isBroken, "\(findings)")
    }

    @Test func seesNoCodeInALiteralOfSeveralLines() {
        let text = "let a = \"\"\"\nprint(b)\n\"\"\"; print(c)"
        let file = SourceFile(path: "Sources/MirrorCore/Example.swift", text: text)
        #expect(file.code == ["let a = ", "", "; print(c)"])
    }
}
