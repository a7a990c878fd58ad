/// Lists and mappings that are told by indentation.
extension YAMLParser {
    /// Reads a list whose entries stand in the column of `start`, where the cursor is.
    mutating func sequence(at start: YAMLCursor.Mark) throws(YAMLError) -> YAMLNode {
        try count()
        let context = BlockContext(parentIndent: start.column, isCompact: true)
        var items: [YAMLNode] = []
        repeat {
            cursor.advance()
            items.append(try blockNode(context))
        } while try isAtNextEntry(indent: start.column) && cursor.isAtIndicator("-")
        return YAMLNode(position: cursor.position(of: start), content: .sequence(items))
    }

    /// Reads a mapping whose keys stand in the column of `start`.
    ///
    /// - Parameter firstKey: the key that has been read already, if it has; the cursor stands at
    ///   its colon then, and at `start` otherwise.
    mutating func mapping(
        at start: YAMLCursor.Mark, firstKey: YAMLNode?
    ) throws(YAMLError) -> YAMLNode {
        try count()
        let indent = start.column
        var builder = YAMLMappingBuilder()
        var key = firstKey
        repeat {
            if key == nil, cursor.isAtIndicator("?") {
                let (explicitKey, value) = try explicitEntry(indent: indent)
                try builder.add(explicitKey, value)
            } else {
                let entryKey = if let key { key } else { try implicitKey() }
                cursor.advance()
                let context = BlockContext(parentIndent: indent, takesUnindentedList: true)
                try builder.add(entryKey, try blockNode(context))
            }
            key = nil
        } while try isAtNextEntry(indent: indent)
        return YAMLNode(
            position: cursor.position(of: start), content: .mapping(builder.finish()))
    }

    /// Reads `? key` and, if it follows, `: value` on a line of its own.
    private mutating func explicitEntry(
        indent: Int
    ) throws(YAMLError) -> (YAMLNode, YAMLNode) {
        let context = BlockContext(
            parentIndent: indent, isCompact: true, takesUnindentedList: true)
        cursor.advance()
        let key = try blockNode(context)
        let end = cursor.mark
        guard try isAtNextEntry(indent: indent), cursor.isAtIndicator(":") else {
            return (key, try emptyNode(at: end))
        }
        cursor.advance()
        return (key, try blockNode(context))
    }

    /// Reads a key up to its colon.
    private mutating func implicitKey() throws(YAMLError) -> YAMLNode {
        let start = cursor.mark
        let properties = try properties()
        if cursor.isAtIndicator(":") {
            return try apply(properties, to: try emptyNode(at: start))
        }
        guard !cursor.isAtIndicator("-") else {
            throw cursor.error("an entry of a list stands among keys: check the indentation")
        }
        let content = cursor.mark
        let key = try apply(properties, to: try inlineNode(properties: properties))
        guard isAtKeyColon(since: content) else {
            throw cursor.error(
                "a colon and a space must follow this key, on its line: key: value", at: start)
        }
        return key
    }

    /// Moves to the next entry of a collection.
    ///
    /// - Returns: whether there is one: false where the text ends or is indented less.
    private mutating func isAtNextEntry(indent: Int) throws(YAMLError) -> Bool {
        cursor.skipToContent()
        guard !cursor.isAtEnd, !cursor.isAtDocumentMarker, cursor.column >= indent else {
            return false
        }
        guard !cursor.followsTab else { throw tabError() }
        guard cursor.column == indent else {
            throw cursor.error(
                "this line is indented by \(cursor.column) spaces, "
                    + "the one that it should line up with by \(indent)")
        }
        return true
    }
}
