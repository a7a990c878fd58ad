/// What a rule found wrong.
public struct RuleBroken: Error, CustomStringConvertible {
    /// A sentence about what was found, and what was due.
    public let description: String

    /// Says what is wrong.
    public init(_ description: String) {
        self.description = description
    }
}

/// Throws ``RuleBroken`` with `sentence` when `condition` does not hold.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
    if !condition { throw RuleBroken(sentence()) }
}

/// The value of an optional that must have one.
func require<Value>(_ value: Value?, _ sentence: @autoclosure () -> String) throws -> Value {
    guard let value else { throw RuleBroken(sentence()) }
    return value
}
