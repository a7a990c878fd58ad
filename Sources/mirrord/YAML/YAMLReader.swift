/// Reads YAML 1.2 (https://yaml.org/spec/1.2.2/), and of YAML 1.1 what files in the field rely
/// on: merge keys, and the truths and numbers that ``YAMLCoreSchema`` names.
///
/// Where it differs from the specification it does so on purpose:
/// - A key that occurs twice in a mapping is an error.
/// - Tags other than those of the core schema are an error.
/// - Inside brackets and quotes lines may be indented in any way.
enum YAMLReader {
    /// The documents of a text, in order; none for a text without content.
    ///
    /// - Parameter origin: what all positions name as theirs.
    /// - Throws: ``YAMLError`` for the first fault.
    static func documents(
        in text: [UInt8], origin: String? = nil, limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> [YAMLNode] {
        let source = try YAMLSource(text, origin: origin, limits: limits)
        var parser = YAMLParser(source, limits: limits)
        return try parser.documents()
    }
}
