import MirrorCore

/// Single values. Each of these gives `nil` when there is no value, and when there is one of the
/// wrong type, after noting the error.
extension ConfigurationDecoder {
    /// Any single value, as the text that was written: `0123` stays four characters.
    func text(_ name: String, in section: ConfigurationSection?) -> String? {
        section?[name]?.scalar?.text
    }

    mutating func flag(_ name: String, in section: ConfigurationSection?) -> Bool? {
        guard let section, let node = section[name], let scalar = node.scalar else { return nil }
        if case .bool(let flag) = scalar.value { return flag }
        expected("true or false", section.path(of: name), node)
        return nil
    }

    /// A whole number within a range.
    mutating func number(
        _ name: String, in section: ConfigurationSection?, _ range: ClosedRange<Int>
    ) -> Int? {
        guard let section, let node = section[name], let scalar = node.scalar else { return nil }
        if let number = YAMLCoreSchema.int(scalar.text).map({ Int($0) }), range.contains(number) {
            return number
        }
        expected(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            section.path(of: name), node)
        return nil
    }

    /// An amount of time, in Go's form; a bare number is nanoseconds, as the reference has it.
    mutating func duration(_ name: String, in section: ConfigurationSection?) -> Duration? {
        guard let section, let node = section[name], let scalar = node.scalar else { return nil }
        let path = section.path(of: name)
        if case .int(let nanoseconds) = scalar.value {
            if nanoseconds > 0, nanoseconds < 1_000_000 {
                warn(
                    "\(path) is \(nanoseconds) nanoseconds, as a bare number always is: "
                        + "write \(nanoseconds)s for seconds", at: node.position)
            }
            return .nanoseconds(nanoseconds)
        }
        if let duration = GoDuration.parse(scalar.text) { return duration }
        let hint = scalar.text.hasSuffix("d") ? " (there are no days: 7d is 168h)" : ""
        expected("a duration such as 168h, 1m30s or 100ms" + hint, path, node)
        return nil
    }

    /// An amount of time that is not negative.
    mutating func age(_ name: String, in section: ConfigurationSection?) -> Duration? {
        let age = duration(name, in: section)
        if let section, let age, age < .zero, let node = section[name] {
            error("\(section.path(of: name)) cannot be negative", at: node.position)
        }
        return age
    }

    /// One of a few words; an empty one counts as none.
    mutating func choice<Choice>(
        _ name: String, in section: ConfigurationSection?, _ choices: [(String, Choice)]
    ) -> Choice? {
        guard let section, let node = section[name], let text = node.scalar?.text, !text.isEmpty
        else { return nil }
        if let match = choices.first(where: { $0.0 == text.lowercased() }) { return match.1 }
        let words = choices.map(\.0).joined(separator: ", ")
        error("\(section.path(of: name)) must be one of \(words)", at: node.position)
        return nil
    }

    mutating func expected(_ what: String, _ path: String, _ node: YAMLNode) {
        error("\(path) must be \(what), not \(node.kind)", at: node.position)
    }
}
