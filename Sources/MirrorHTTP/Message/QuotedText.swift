/// A quoted string (RFC 9110 section 5.6.4) of printable ASCII, at most 4,000 characters.
func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars.prefix(4000) {
        switch scalar {
        case "\"", "\\": quoted += "\\\(scalar)"
        case " "..."~": quoted.unicodeScalars.append(scalar)
        default: quoted += "?"
        }
    }
    return quoted + "\""
}
