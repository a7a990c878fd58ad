@testable import mirrord

/// Renders what was read in one line that looks like JSON, so that a test case is two texts.
/// Documents are joined with ` --- `.
func rendered(_ yaml: String) throws -> String {
    try YAMLReader.documents(in: Array(yaml.utf8)).map(rendered).joined(separator: " --- ")
}

private func rendered(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let scalar):
        return switch scalar.value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .int(let number): "\(number)"
        case .float(let number): "\(number)"
        case .string(let text):
            text.debugDescription.replacing("\\'", with: "'")
        }
    case .sequence(let items):
        return "[" + items.map(rendered).joined(separator: ",") + "]"
    case .mapping(let entries):
        return "{"
            + entries.map { rendered($0.key) + ":" + rendered($0.value) }.joined(separator: ",")
            + "}"
    }
}

/// The fault of a text, as `line:column: message`, or what it was read as.
func fault(_ yaml: String, limits: YAMLLimits = YAMLLimits()) -> String {
    do {
        _ = try YAMLReader.documents(in: Array(yaml.utf8), limits: limits)
        return "no fault"
    } catch {
        return "\(error.position.line):\(error.position.column): \(error.message)"
    }
}
