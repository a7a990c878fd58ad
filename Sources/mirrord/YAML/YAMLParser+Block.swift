/// Values whose structure is told by indentation.
extension YAMLParser {
    /// Where a block node stands.
    struct BlockContext {
        /// The column of the collection that the node is part of; -1 for a document.
        var parentIndent: Int
        /// Whether a collection may begin on the line of the indicator before the node: true
        /// behind `- ` and `? `, not behind `key: ` and `---`.
        var isCompact = false
        /// Whether a list may be indented no more than its parent: true behind a key.
        var takesUnindentedList = false
    }

    /// Reads the value that begins here or on a later line, or an empty one where there is none.
    mutating func blockNode(_ context: BlockContext) throws(YAMLError) -> YAMLNode {
        try enter()
        defer { leave() }
        let before = cursor.mark
        cursor.skipToContent()
        guard try hasNode(context) else { return try emptyNode(at: before) }
        let start = cursor.mark
        let outer = try properties()
        if outer.isEmpty { return try blockContent(context, outer: outer, inner: outer, start) }
        // Properties on a line of their own belong to what follows; those before a key, to it.
        let own = cursor.mark
        cursor.skipToContent()
        guard cursor.line != start.line || cursor.isAtEnd else {
            return try blockContent(context, outer: Properties(), inner: outer, start)
        }
        guard try hasNode(context) else {
            return try apply(outer, to: try emptyNode(at: own))
        }
        let inner = cursor.mark
        return try blockContent(context, outer: outer, inner: try properties(), inner)
    }

    mutating func emptyNode(at mark: YAMLCursor.Mark) throws(YAMLError) -> YAMLNode {
        try count()
        return .empty(at: cursor.position(of: mark))
    }

    /// Whether what comes next is part of the node, by its indentation.
    private func hasNode(_ context: BlockContext) throws(YAMLError) -> Bool {
        guard !cursor.isAtEnd else { return false }
        guard cursor.isFirstOnLine else { return true }
        guard !cursor.isAtDocumentMarker else { return false }
        if cursor.column > context.parentIndent {
            guard cursor.indentation > context.parentIndent else { throw tabError() }
            return true
        }
        return context.takesUnindentedList && cursor.column == context.parentIndent
            && cursor.isAtIndicator("-")
    }

    /// Reads what stands behind the properties of a node.
    ///
    /// - Parameters:
    ///   - outer: properties on a line of their own, which belong to the whole value.
    ///   - inner: properties on the line of the content, which belong to a key if it is one.
    ///   - start: where `inner` or the content begins.
    private mutating func blockContent(
        _ context: BlockContext, outer: Properties, inner: Properties, _ start: YAMLCursor.Mark
    ) throws(YAMLError) -> YAMLNode {
        if cursor.isAtIndicator("-") || cursor.isAtIndicator("?") {
            try checkCollectionMayBegin(context, at: start)
            guard inner.isEmpty else {
                throw cursor.error("put what stands before this on a line of its own")
            }
            let isList = cursor.isAt("-")
            let node = try isList ? sequence(at: start) : mapping(at: start, firstKey: nil)
            return try apply(outer, to: node)
        }
        if cursor.isAtIndicator(":") {
            try checkCollectionMayBegin(context, at: start)
            let key = try apply(inner, to: try emptyNode(at: cursor.mark))
            return try apply(outer, to: try mapping(at: start, firstKey: key))
        }
        if cursor.isAt("|") || cursor.isAt(">") {
            try count()
            let text = try cursor.blockScalar(parentIndent: context.parentIndent)
            let scalar = YAMLScalar(text: text, isPlain: false)
            let node = YAMLNode(position: cursor.position(of: start), content: .scalar(scalar))
            return try apply(try outer.joined(with: inner), to: node)
        }
        return try inlineOrMapping(context, outer: outer, inner: inner, start)
    }

    /// A value that begins with something that can be a key: if a colon follows, it is one, and
    /// the value is a mapping.
    private mutating func inlineOrMapping(
        _ context: BlockContext, outer: Properties, inner: Properties, _ start: YAMLCursor.Mark
    ) throws(YAMLError) -> YAMLNode {
        let content = cursor.mark
        let isPlain = cursor.canBeginPlain(inFlow: false)
        let isAlias = cursor.isAt("*")
        var node = try inlineNode(properties: inner)
        if isAtKeyColon(since: content) {
            try checkCollectionMayBegin(context, at: start)
            let key = try apply(inner, to: node)
            return try apply(outer, to: try mapping(at: start, firstKey: key))
        }
        guard !isAlias || outer.isEmpty else { throw aliasError() }
        if isPlain {
            let text = cursor.plainContinuation(
                of: cursor.bytes(since: content), parentIndent: context.parentIndent,
                inFlow: false)
            node.content = .scalar(YAMLScalar(text: text, isPlain: true))
        }
        try checkLineEnds()
        return try apply(try outer.joined(with: inner), to: node)
    }

    /// Whether a colon that makes a key of what stands before it comes next, on the same line.
    mutating func isAtKeyColon(since start: YAMLCursor.Mark) -> Bool {
        let end = cursor.mark
        cursor.skipBlanks()
        if cursor.line == start.line, cursor.isAtIndicator(":") { return true }
        cursor.mark = end
        return false
    }

    /// A node that can be a key: an alias, a text or brackets. Of a text without quotes, only the
    /// part on this line.
    mutating func inlineNode(properties: Properties) throws(YAMLError) -> YAMLNode {
        let start = cursor.mark
        switch cursor.current {
        case UInt8(ascii: "*"):
            guard properties.isEmpty else { throw aliasError() }
            return try alias()
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try flowCollection()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try quotedNode()
        default:
            guard cursor.canBeginPlain(inFlow: false) else {
                if cursor.isAtLineEnd { return try emptyNode(at: start) }
                throw cursor.error(cannotBeginMessage)
            }
            try count()
            let line = cursor.plainLine(inFlow: false)
            let scalar = YAMLScalar(text: String(decoding: line, as: UTF8.self), isPlain: true)
            return YAMLNode(position: cursor.position(of: start), content: .scalar(scalar))
        }
    }
}

/// What may stand where.
extension YAMLParser {
    private func checkCollectionMayBegin(
        _ context: BlockContext, at start: YAMLCursor.Mark
    ) throws(YAMLError) {
        var scout = cursor
        scout.mark = start
        guard scout.isFirstOnLine || context.isCompact else {
            throw cursor.error(
                cursor.isAt("-")
                    ? "a list begins on a line of its own, below its key"
                    : "a second colon on one line: quote the text that holds \": \", "
                        + "or begin the mapping on the next line")
        }
        guard !scout.followsTab else { throw tabError(at: start) }
    }

    /// After a value nothing but a comment may stand on its line.
    private mutating func checkLineEnds() throws(YAMLError) {
        guard !cursor.skipRestOfLine() else { return }
        if cursor.isAtIndicator(":") {
            throw cursor.error(
                "a key must stand on one line, lined up with the other keys: "
                    + "check the indentation, or quote the text that holds \": \"")
        }
        throw cursor.error(
            "text follows a value that has ended: "
                + "put a comma, a quote or a bracket right, or quote the whole")
    }

    func tabError(at mark: YAMLCursor.Mark? = nil) -> YAMLError {
        cursor.error("a tab stands where YAML counts spaces: indent with spaces", at: mark)
    }
}
