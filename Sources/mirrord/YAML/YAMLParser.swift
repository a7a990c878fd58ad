/// Turns a text into nodes, from the top down, in one pass.
///
/// This file holds what lasts through a document and the way from one document to the next;
/// the extensions hold blocks, brackets and the properties of nodes.
struct YAMLParser {
    var cursor: YAMLCursor
    private let limits: YAMLLimits
    private var depth = 0
    private var nodeCount = 0

    /// What each anchor of this document stands for, and how many nodes that is.
    var anchors: [String: (node: YAMLNode, nodeCount: Int)] = [:]
    /// The anchors whose nodes are being read now.
    var openAnchors: Set<String> = []
    /// What the handles of tags stand for in this document.
    var tagPrefixes: [String: String] = [:]

    init(_ source: YAMLSource, limits: YAMLLimits) {
        cursor = YAMLCursor(source)
        self.limits = limits
    }

    mutating func documents() throws(YAMLError) -> [YAMLNode] {
        var documents: [YAMLNode] = []
        while true {
            startDocument()
            let hasDirectives = try directives()
            let isExplicit = cursor.isAtMarker("-")
            if isExplicit { cursor.advance(by: 3) }
            guard isExplicit || !hasDirectives else {
                throw cursor.error("--- must follow the directives, on a line of its own")
            }
            if !isExplicit {
                if cursor.isAtEnd { return documents }
                if cursor.isAtMarker(".") {
                    try endMarker()
                    continue
                }
            }
            documents.append(try blockNode(BlockContext(parentIndent: -1)))
            try endDocument()
        }
    }

    private mutating func startDocument() {
        anchors = [:]
        openAnchors = []
        tagPrefixes = ["!": "!", "!!": YAMLTag.corePrefix]
        nodeCount = 0
    }

    /// Reads the lines that begin with `%`.
    ///
    /// - Returns: whether there were any.
    private mutating func directives() throws(YAMLError) -> Bool {
        var names: Set<String> = []
        cursor.skipToContent()
        while cursor.isAt("%"), cursor.column == 0 {
            let start = cursor.mark
            let words = takeWords()
            switch (words[0], words.count) {
            case ("%YAML", 2):
                guard words[1].hasPrefix("1."), names.insert("%YAML").inserted else {
                    throw cursor.error("write %YAML 1.2 here, once, or leave it out", at: start)
                }
            case ("%TAG", 3):
                tagPrefixes[words[1]] = words[2]
            case ("%YAML", _), ("%TAG", _):
                throw cursor.error("this directive is not complete: leave it out", at: start)
            default: break
            }
            names.insert(words[0])
            cursor.skipToContent()
        }
        return !names.isEmpty
    }

    /// The words up to the end of the line or a comment.
    private mutating func takeWords() -> [String] {
        var words: [String] = []
        repeat {
            let start = cursor.mark
            while !cursor.isAtBlank, !cursor.isAtLineEnd { cursor.advance() }
            words.append(cursor.text(since: start))
        } while !cursor.skipRestOfLine()
        return words
    }

    private mutating func endDocument() throws(YAMLError) {
        cursor.skipToContent()
        if cursor.isAtMarker(".") { return try endMarker() }
        guard cursor.isAtEnd || cursor.isAtMarker("-") else {
            throw cursor.error(
                "the value of this document has ended before this line: check the indentation")
        }
    }

    private mutating func endMarker() throws(YAMLError) {
        cursor.advance(by: 3)
        guard cursor.skipRestOfLine() else {
            throw cursor.error("nothing but a comment may stand behind ... on its line")
        }
    }
}

extension YAMLParser {
    var cannotBeginMessage: String {
        "no value can begin with \(Unicode.Scalar(cursor.current)): put it in quotes"
    }
}

/// Limits on depth and on the number of nodes.
extension YAMLParser {
    mutating func enter() throws(YAMLError) {
        depth += 1
        guard depth <= limits.depthLimit else {
            throw cursor.error("values lie more than \(limits.depthLimit) deep within each other")
        }
    }

    mutating func leave() { depth -= 1 }

    /// Counts nodes that come into being, as copies of others too.
    mutating func count(_ added: Int = 1) throws(YAMLError) {
        nodeCount += added
        guard nodeCount <= limits.nodeCountLimit else {
            throw cursor.error(
                "with all aliases replaced, there are more than \(limits.nodeCountLimit) values")
        }
    }

    var countedNodes: Int { nodeCount }
}
