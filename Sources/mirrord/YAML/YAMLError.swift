/// Why a text is not YAML, where, and what to do about it.
struct YAMLError: Error, Hashable, Sendable {
    let position: YAMLPosition
    let message: String
}

/// How much a document may ask of its reader.
struct YAMLLimits: Sendable {
    /// The length of the text.
    var byteCountLimit = 1 << 20
    /// How deep values may lie within each other.
    var depthLimit = 64
    /// How many values there may be once every alias has been replaced by what it stands for.
    var nodeCountLimit = 100_000
}
