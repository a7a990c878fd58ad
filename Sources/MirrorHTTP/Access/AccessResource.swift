/// What is to be allowed, in the words of challenges and tokens (distribution's "Docker Registry
/// Token Scope and Access").
struct AccessResource: Hashable, Sendable {
    let type: String
    let name: String
    let action: String

    /// As challenges have it.
    var scope: String { "\(type):\(name):\(action)" }
}
