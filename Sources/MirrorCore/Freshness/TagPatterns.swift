internal import Synchronization

/// Regular expressions for tags, in Swift's own dialect, compiled once.
///
/// A pattern is searched for within the tag: write `^` and `$` to have it match the whole. It
/// comes from the operator, who is trusted: one that repeats a repetition, such as `(a+)+`, takes
/// very long to fail.
public final class TagPatterns: Sendable {
    /// The patterns as they were written.
    public let texts: [String]
    /// A `Regex` is not `Sendable`. A match takes less than a microsecond.
    private let compiled: Mutex<[Regex<AnyRegexOutput>]>

    /// Patterns that match nothing: there are none.
    public init() {
        texts = []
        compiled = Mutex([])
    }

    /// Compiles patterns.
    public init(_ texts: [String]) throws(InvalidTagPattern) {
        var compiled: [Regex<AnyRegexOutput>] = []
        for text in texts {
            do {
                compiled.append(try Regex(text).matchingSemantics(.unicodeScalar))
            } catch {
                throw InvalidTagPattern(text: text, reason: "\(error)")
            }
        }
        self.texts = texts
        self.compiled = Mutex(compiled)
    }

    /// Whether one of them matches `tag`.
    public func match(_ tag: Tag) -> Bool {
        if texts.isEmpty { return false }
        return compiled.withLock { $0.contains { tag.text.firstMatch(of: $0) != nil } }
    }
}

extension TagPatterns: Hashable {
    /// Equal patterns are written alike.
    public static func == (left: TagPatterns, right: TagPatterns) -> Bool {
        left.texts == right.texts
    }

    /// Feeds the patterns as they were written.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(texts)
    }
}

/// A text that is no regular expression.
public struct InvalidTagPattern: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// What is wrong with it.
    public let reason: String

    /// What is wrong with it.
    public var description: String { reason }
}
