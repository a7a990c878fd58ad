/// Values whose structure is told by brackets:
/// https://yaml.org/spec/1.2.2/#74-flow-collection-styles
extension YAMLParser {
    /// Reads a list in `[]` or a mapping in `{}`.
    mutating func flowCollection() throws(YAMLError) -> YAMLNode {
        try enter()
        defer { leave() }
        try count()
        return cursor.isAt("[") ? try flowSequence() : try flowMapping()
    }

    /// Reads a text in quotes of either kind.
    mutating func quotedNode() throws(YAMLError) -> YAMLNode {
        try count()
        let position = cursor.position
        let text = cursor.isAt("'") ? try cursor.singleQuoted() : try cursor.doubleQuoted()
        return YAMLNode(
            position: position, content: .scalar(YAMLScalar(text: text, isPlain: false)))
    }

    private mutating func flowSequence() throws(YAMLError) -> YAMLNode {
        let opening = cursor.mark
        var items: [YAMLNode] = []
        cursor.advance()
        while try !isAtClosing("]", of: opening) {
            items.append(try flowItem(in: opening))
            try separator(before: "]", of: opening)
        }
        return YAMLNode(position: cursor.position(of: opening), content: .sequence(items))
    }

    private mutating func flowMapping() throws(YAMLError) -> YAMLNode {
        let opening = cursor.mark
        var builder = YAMLMappingBuilder()
        cursor.advance()
        while try !isAtClosing("}", of: opening) {
            let isExplicit = try takeExplicitIndicator(in: opening)
            let key = try flowKey(in: opening, isExplicit: isExplicit)
            let value = try flowValue(in: opening)
            try builder.add(key, value ?? .empty(at: cursor.position))
            try separator(before: "}", of: opening)
        }
        return YAMLNode(
            position: cursor.position(of: opening), content: .mapping(builder.finish()))
    }

    /// An item of a list: a value, or a single `key: value`, which is a mapping of its own.
    private mutating func flowItem(in opening: YAMLCursor.Mark) throws(YAMLError) -> YAMLNode {
        let start = cursor.mark
        let isExplicit = try takeExplicitIndicator(in: opening)
        let key = try flowKey(in: opening, isExplicit: isExplicit)
        let colonLine = cursor.line
        guard let value = try flowValue(in: opening) else {
            return isExplicit ? try pair(key, .empty(at: cursor.position), start) : key
        }
        guard isExplicit || colonLine == start.line else {
            throw cursor.error("in a list, a key and its colon stand on one line", at: start)
        }
        return try pair(key, value, start)
    }

    private mutating func pair(
        _ key: YAMLNode, _ value: YAMLNode, _ start: YAMLCursor.Mark
    ) throws(YAMLError) -> YAMLNode {
        try count()
        var builder = YAMLMappingBuilder()
        try builder.add(key, value)
        return YAMLNode(
            position: cursor.position(of: start), content: .mapping(builder.finish()))
    }

    /// Reads `? `, which allows a key of any length.
    private mutating func takeExplicitIndicator(
        in opening: YAMLCursor.Mark
    ) throws(YAMLError) -> Bool {
        guard cursor.isAtIndicator("?") else { return false }
        cursor.advance()
        try skipSpace(in: opening)
        return true
    }

    /// Reads a node that may be a key, and moves to what follows it.
    private mutating func flowKey(
        in opening: YAMLCursor.Mark, isExplicit: Bool
    ) throws(YAMLError) -> YAMLNode {
        let node = try flowNode(in: opening, mayBeEmpty: isExplicit)
        try skipSpace(in: opening)
        return node
    }

    /// Reads `: value`, if it comes next; the value may be empty.
    private mutating func flowValue(in opening: YAMLCursor.Mark) throws(YAMLError) -> YAMLNode? {
        guard cursor.isAt(":") else { return nil }
        cursor.advance()
        try skipSpace(in: opening)
        let value = try flowNode(in: opening, mayBeEmpty: true)
        try skipSpace(in: opening)
        return value
    }

    private mutating func flowNode(
        in opening: YAMLCursor.Mark, mayBeEmpty: Bool
    ) throws(YAMLError) -> YAMLNode {
        let start = cursor.mark
        let properties = try properties()
        try skipSpace(in: opening)
        let node: YAMLNode
        switch cursor.current {
        case UInt8(ascii: "*"):
            guard properties.isEmpty else { throw aliasError() }
            return try alias()
        case UInt8(ascii: "["), UInt8(ascii: "{"): node = try flowCollection()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): node = try quotedNode()
        default: node = try flowPlain(mayBeEmpty: mayBeEmpty || !properties.isEmpty, start)
        }
        return try apply(properties, to: node)
    }

    private mutating func flowPlain(
        mayBeEmpty: Bool, _ start: YAMLCursor.Mark
    ) throws(YAMLError) -> YAMLNode {
        try count()
        let content = cursor.mark
        if cursor.canBeginPlain(inFlow: true) {
            let line = cursor.plainLine(inFlow: true)
            let text = cursor.plainContinuation(of: line, parentIndent: -1, inFlow: true)
            return YAMLNode(
                position: cursor.position(of: content),
                content: .scalar(YAMLScalar(text: text, isPlain: true)))
        }
        let endsHere = cursor.isAt(",") || cursor.isAt("]") || cursor.isAt("}")
        guard cursor.isAt(":") || (endsHere && mayBeEmpty) else {
            throw cursor.error(
                endsHere
                    ? "a value is missing before this, or a comma too many"
                    : cannotBeginMessage)
        }
        return .empty(at: cursor.position(of: start))
    }

    /// Moves to what comes next in brackets.
    private mutating func skipSpace(in opening: YAMLCursor.Mark) throws(YAMLError) {
        cursor.skipToContent()
        guard !cursor.isAtEnd, !cursor.isAtDocumentMarker else {
            throw cursor.error("the bracket that opens here is never closed", at: opening)
        }
    }

    private mutating func isAtClosing(
        _ bracket: Unicode.Scalar, of opening: YAMLCursor.Mark
    ) throws(YAMLError) -> Bool {
        try skipSpace(in: opening)
        guard cursor.isAt(bracket) else { return false }
        cursor.advance()
        return true
    }

    private mutating func separator(
        before bracket: Unicode.Scalar, of opening: YAMLCursor.Mark
    ) throws(YAMLError) {
        try skipSpace(in: opening)
        if cursor.isAt(",") {
            cursor.advance()
        } else if !cursor.isAt(bracket) {
            let line = cursor.position(of: opening).line
            throw cursor.error(
                "a comma or \(bracket) is missing before this; the bracket opens on line \(line)")
        }
    }
}
