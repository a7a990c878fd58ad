/// A scrape, read as strictly as the format allows: the text-based exposition format 0.0.4, and
/// what `promtool check metrics` wants of names besides.
struct Exposition {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        let help: String
        let type: String
        var samples: [Sample] = []
    }

    private(set) var families: [String: Family] = [:]

    /// - Throws: what is wrong with the first line that something is wrong with.
    init(_ text: String) throws(Fault) {
        guard text.hasSuffix("\n") else { throw Fault(description: "no line end at the end") }
        var current: String?
        var help: String?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# HELP ") {
                let words = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard words.count == 2, families[String(words[0])] == nil, help == nil else {
                    throw Fault(description: "HELP twice, or empty: \(line)")
                }
                current = String(words[0])
                help = String(words[1])
            } else if line.hasPrefix("# TYPE ") {
                let words = line.dropFirst(7).split(separator: " ")
                guard words.count == 2, let text = help, current == String(words[0]) else {
                    throw Fault(description: "TYPE without its HELP before it: \(line)")
                }
                families[String(words[0])] = Family(help: text, type: String(words[1]))
                help = nil
            } else {
                guard let name = current, help == nil else {
                    throw Fault(description: "a sample before its TYPE: \(line)")
                }
                families[name]?.samples.append(try SampleLine(line).sample)
            }
        }
        for (name, family) in families { try Self.check(name, family) }
    }

    /// The value with these labels; nil where there is none.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.values.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    /// The values with at least these labels, added up.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        families.values.flatMap(\.samples).filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0] == $1 }
        }.reduce(0) { $0 + $1.value }
    }

    // MARK: Rules

    private static func check(_ name: String, _ family: Family) throws(Fault) {
        func require(_ isRight: Bool, _ what: String) throws(Fault) {
            if !isRight { throw Fault(description: "\(name): \(what)") }
        }
        try require(isName(name, mayHave: ":"), "no name of a metric")
        try require(["counter", "gauge", "histogram"].contains(family.type), "no type")
        try require(!family.samples.isEmpty, "no sample")
        try require((family.type == "counter") == name.hasSuffix("_total"), "_total is wrong")
        for reserved in ["_count", "_sum", "_bucket"] {
            try require(!name.hasSuffix(reserved), "ends in \(reserved)")
        }
        let keys = family.samples.map { [$0.name: $0.labels] }
        try require(Set(keys).count == keys.count, "the same labels twice")
        for sample in family.samples {
            let names = sample.labels.keys
            try require(names.allSatisfy { isName($0) && !$0.hasPrefix("__") }, "a label")
            if family.type == "counter" { try require(sample.value >= 0, "a negative count") }
            guard family.type != "histogram" else { continue }
            try require(sample.name == name, "a sample called \(sample.name)")
            try require(sample.labels["le"] == nil, "le is for histograms")
        }
        if family.type == "histogram" { try checkHistogram(name, family.samples, require) }
    }

    private static func checkHistogram(
        _ name: String, _ samples: [Sample], _ require: (Bool, String) throws(Fault) -> Void
    ) throws(Fault) {
        var series: [[String: String]: [Sample]] = [:]
        for sample in samples {
            var labels = sample.labels
            labels["le"] = nil
            series[labels, default: []].append(sample)
        }
        for (_, samples) in series {
            let buckets = samples.filter { $0.name == name + "_bucket" }
            let bounds = buckets.map { number($0.labels["le"] ?? "") ?? .nan }
            try require(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds")
            try require(bounds.last == .infinity, "no bucket for all")
            let counts = buckets.map(\.value)
            try require(zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 }, "not cumulative")
            try require(
                samples.filter { $0.name == name + "_count" }.map(\.value) == counts.suffix(1),
                "the count is not that of all")
            try require(samples.count { $0.name == name + "_sum" } == 1, "no sum")
            try require(samples.count == buckets.count + 2, "other samples")
        }
    }

    static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(text)
        }
    }

    static func isName(_ text: some StringProtocol, mayHave other: Character? = nil) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { character in
            character.isASCII && (character.isLetter || character.isNumber)
                || character == "_" || character == other
        }
    }
}

/// One line with a value.
private struct SampleLine {
    let sample: Exposition.Sample
    private var rest: Substring

    init(_ line: Substring) throws(Exposition.Fault) {
        rest = line
        let name = String(line.prefix { $0 != "{" && $0 != " " })
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest.removeFirst()
                let label = String(rest.prefix { $0 != "=" })
                rest = rest.dropFirst(label.count)
                guard rest.hasPrefix("=\""), labels[label] == nil else {
                    throw Exposition.Fault(description: "labels: \(line)")
                }
                rest = rest.dropFirst(2)
                labels[label] = try Self.value(&rest, of: line)
            } while rest.first == ","
            guard rest.first == "}" else {
                throw Exposition.Fault(description: "labels do not end: \(line)")
            }
            rest.removeFirst()
        }
        guard rest.first == " ", let value = Exposition.number(String(rest.dropFirst())) else {
            throw Exposition.Fault(description: "no value: \(line)")
        }
        sample = Exposition.Sample(name: name, labels: labels, value: value)
    }

    /// A label's value up to the quotation mark behind it.
    private static func value(
        _ rest: inout Substring, of line: Substring
    ) throws(Exposition.Fault) -> String {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "n": value.append("\n")
                case "\"": value.append("\"")
                case "\\": value.append("\\")
                default: throw Exposition.Fault(description: "escape: \(line)")
                }
            default: value.append(character)
            }
        }
        throw Exposition.Fault(description: "a value does not end: \(line)")
    }
}
