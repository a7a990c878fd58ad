/// Anchors, tags and aliases.
extension YAMLParser {
    /// What stands before a node and says something about it.
    struct Properties {
        var anchor: String?
        var tag: Tag?
        var position: YAMLPosition?
        /// How many nodes there were before the one that is described.
        var countBefore = 0

        enum Tag {
            case core(YAMLTag)
            /// `!`: a text, a list or a mapping, whatever it looks like.
            case nonSpecific
        }

        var isEmpty: Bool { position == nil }

        /// What two lines of properties say together about one value.
        func joined(with inner: Properties) throws(YAMLError) -> Properties {
            guard let position else { return inner }
            guard let innerPosition = inner.position else { return self }
            guard anchor == nil || inner.anchor == nil, tag == nil || inner.tag == nil else {
                throw YAMLError(
                    position: innerPosition, message: "a value can have one anchor and one tag")
            }
            return Properties(
                anchor: anchor ?? inner.anchor, tag: tag ?? inner.tag, position: position,
                countBefore: countBefore)
        }
    }

    var isAtProperty: Bool { cursor.isAt("&") || cursor.isAt("!") }

    /// Reads an anchor, a tag, or both in either order.
    mutating func properties() throws(YAMLError) -> Properties {
        var properties = Properties()
        guard isAtProperty else { return properties }
        properties.position = cursor.position
        properties.countBefore = countedNodes
        while isAtProperty {
            let start = cursor.mark
            if cursor.isAt("&") {
                guard properties.anchor == nil else {
                    throw cursor.error("a value can have one anchor and one tag", at: start)
                }
                properties.anchor = try anchorName()
            } else {
                guard properties.tag == nil else {
                    throw cursor.error("a value can have one anchor and one tag", at: start)
                }
                properties.tag = try tag()
            }
            cursor.skipBlanks()
        }
        if let anchor = properties.anchor { openAnchors.insert(anchor) }
        return properties
    }

    /// Reads `*name` and gives what it stands for.
    mutating func alias() throws(YAMLError) -> YAMLNode {
        let start = cursor.mark
        let name = try anchorName()
        guard let target = anchors[name] else {
            // The name is not repeated: it may be a password that wants quotes.
            throw cursor.error(
                openAnchors.contains(name)
                    ? "this alias stands inside the value that it names: it has no end"
                    : "no value above has this anchor; quote a text that begins with *",
                at: start)
        }
        try count(target.nodeCount)
        return target.node
    }

    /// Gives a node the properties that were read before it.
    mutating func apply(_ properties: Properties, to node: YAMLNode) throws(YAMLError) -> YAMLNode {
        guard let position = properties.position else { return node }
        var node = node
        switch (properties.tag, node.content) {
        case (nil, _), (.nonSpecific, .sequence), (.nonSpecific, .mapping),
            (.core(.sequence), .sequence), (.core(.mapping), .mapping):
            break
        case (.nonSpecific, .scalar(var scalar)):
            scalar.tag = .string
            node.content = .scalar(scalar)
        case (.core(let tag), .scalar(var scalar)):
            scalar.tag = tag
            guard scalar.suitsItsTag else { throw unsuitable(tag, at: position) }
            node.content = .scalar(scalar)
        case (.core(let tag), _): throw unsuitable(tag, at: position)
        }
        if let anchor = properties.anchor {
            anchors[anchor] = (node, max(1, countedNodes - properties.countBefore))
            openAnchors.remove(anchor)
        }
        return node
    }

    func aliasError() -> YAMLError {
        cursor.error("an alias can have neither anchor nor tag of its own")
    }

    private func unsuitable(_ tag: YAMLTag, at position: YAMLPosition) -> YAMLError {
        YAMLError(
            position: position,
            message: "the value is not of the type that the tag !!\(tag.rawValue) claims")
    }

    /// The name behind `&` or `*`.
    private mutating func anchorName() throws(YAMLError) -> String {
        cursor.advance()
        let start = cursor.mark
        while !YAMLCursor.isSpace(cursor.current), !YAMLCursor.isFlowIndicator(cursor.current) {
            cursor.advance()
        }
        let name = cursor.text(since: start)
        guard !name.isEmpty else {
            throw cursor.error("a name must follow & or *; quote a text that begins with one")
        }
        return name
    }

    private mutating func tag() throws(YAMLError) -> Properties.Tag {
        let start = cursor.mark
        let uri = try tagURI()
        guard uri != "!" else { return .nonSpecific }
        guard let tag = YAMLTag(uri: uri) else {
            throw cursor.error(
                "there is no such type: leave the tag out, or quote a text that begins with !",
                at: start)
        }
        return .core(tag)
    }

    private mutating func tagURI() throws(YAMLError) -> String {
        let start = cursor.mark
        if cursor.peek(1) == UInt8(ascii: "<") { return try verbatimTag() }
        while !YAMLCursor.isSpace(cursor.current), !YAMLCursor.isFlowIndicator(cursor.current) {
            cursor.advance()
        }
        let text = cursor.text(since: start)
        guard text != "!" else { return text }
        guard let handleEnd = text.dropFirst().lastIndex(of: "!") else {
            return (tagPrefixes["!"] ?? "!") + text.dropFirst()
        }
        let handle = String(text[...handleEnd])
        guard let prefix = tagPrefixes[handle] else {
            throw cursor.error(
                "no %TAG directive names this tag; quote a text that begins with !", at: start)
        }
        return prefix + text[text.index(after: handleEnd)...]
    }

    /// Reads `!<uri>`.
    private mutating func verbatimTag() throws(YAMLError) -> String {
        let opening = cursor.mark
        cursor.advance(by: 2)
        let start = cursor.mark
        while !YAMLCursor.isSpace(cursor.current), !cursor.isAt(">") { cursor.advance() }
        guard cursor.isAt(">") else {
            throw cursor.error("a > is missing at the end of this tag", at: opening)
        }
        let uri = cursor.text(since: start)
        cursor.advance()
        return uri
    }
}
