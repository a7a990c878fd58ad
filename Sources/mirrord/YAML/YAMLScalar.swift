/// A single text in a document, before anybody has asked for its type.
///
/// A reader that wants a text takes ``text`` whatever it looks like (`password: 0123` is four
/// characters); one that wants a number or a truth asks ``value``.
struct YAMLScalar: Sendable {
    let text: String
    /// Whether it stands without quotes, so that its look decides its type.
    let isPlain: Bool
    var tag: YAMLTag?

    init(text: String, isPlain: Bool, tag: YAMLTag? = nil) {
        self.text = text
        self.isPlain = isPlain
        self.tag = tag
    }

    enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        case int(Int64)
        case float(Double)
        case string(String)
    }

    /// What the text means by its tag, or else by its look; a quoted text is a text.
    var value: Value {
        switch tag {
        case .string: .string(text)
        case nil where !isPlain: .string(text)
        case .float: YAMLCoreSchema.float(text).map { .float($0) } ?? .string(text)
        default: YAMLCoreSchema.value(of: text)
        }
    }

    /// Whether the text can have the type that its tag claims.
    var suitsItsTag: Bool {
        switch (tag, value) {
        case (nil, _), (.string, _), (.null, .null), (.bool, .bool), (.int, .int),
            (.float, .float):
            true
        default: false
        }
    }
}
