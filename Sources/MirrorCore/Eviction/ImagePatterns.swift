/// Images named by patterns, such as `library/alpine:3.*`.
///
/// A pattern is a repository's name, and maybe a colon and a tag; `*` stands for any characters,
/// slashes too. Without a tag it means all of a repository, untagged images too.
public struct ImagePatterns: Hashable, Sendable {
    private struct Pattern: Hashable {
        var repository: [UInt8]
        var tag: [UInt8]?
    }

    private let patterns: [Pattern]

    /// No image at all.
    public init() {
        patterns = []
    }

    /// What any of `texts` names; nil for one of them that no name can match.
    public init?(_ texts: [String]) {
        var patterns: [Pattern] = []
        for text in texts {
            let parts = text.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAllowed) }) else {
                return nil
            }
            patterns.append(
                Pattern(
                    repository: Array(parts[0].utf8),
                    tag: parts.count == 2 ? Array(parts[1].utf8) : nil))
        }
        self.patterns = patterns
    }

    private init(_ patterns: [Pattern]) {
        self.patterns = patterns
    }

    /// Whether there are none.
    public var isEmpty: Bool { patterns.isEmpty }

    /// The same images where the repositories are stored below a registry's name.
    public func below(_ registry: UpstreamName) -> ImagePatterns {
        let prefix = Array("\(registry.component)/".utf8)
        return ImagePatterns(
            patterns.map { Pattern(repository: prefix + $0.repository, tag: $0.tag) })
    }

    /// The images of both.
    public func union(_ other: ImagePatterns) -> ImagePatterns {
        ImagePatterns(patterns + other.patterns)
    }

    /// Whether some image of a repository may be meant.
    public func mayMatch(_ repository: RepositoryName) -> Bool {
        patterns.contains { Self.matches($0.repository, repository.text) }
    }

    /// Whether an image is meant that has these tags.
    public func match(_ repository: RepositoryName, tags: [Tag]) -> Bool {
        patterns.contains { pattern in
            guard Self.matches(pattern.repository, repository.text) else { return false }
            guard let tag = pattern.tag else { return true }
            return tags.contains { Self.matches(tag, $0.text) }
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "._-/*".utf8.contains(byte)
        }
    }

    /// Whether `pattern` matches all of `text`. Takes at most the product of their lengths.
    private static func matches(_ pattern: [UInt8], _ text: String) -> Bool {
        let text = Array(text.utf8)
        var (next, position) = (0, 0)
        // Where to go on when the last `*` has to stand for one more character.
        var retry: (next: Int, position: Int)?
        while position < text.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                next += 1
                retry = (next, position)
            } else if next < pattern.count, pattern[next] == text[position] {
                next += 1
                position += 1
            } else if let last = retry {
                retry = (last.next, last.position + 1)
                (next, position) = (last.next, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
