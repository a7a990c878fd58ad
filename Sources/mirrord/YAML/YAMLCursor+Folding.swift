/// The lines of a text that spans several are joined: a single break becomes a space, further
/// ones stay (https://yaml.org/spec/1.2.2/#65-line-folding).
extension YAMLCursor {
    /// Moves over line breaks and the blanks around them.
    ///
    /// - Returns: how many breaks there were.
    mutating func skipBreaks() -> Int {
        var count = 0
        skipBlanks()
        while isAt("\n") {
            advance()
            count += 1
            skipBlanks()
        }
        return count
    }

    /// What that many breaks are worth in the joined text.
    static func folded(breaks count: Int) -> [UInt8] {
        count == 1 ? [UInt8(ascii: " ")] : [UInt8](repeating: UInt8(ascii: "\n"), count: count - 1)
    }
}
