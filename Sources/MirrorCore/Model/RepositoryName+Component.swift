extension RepositoryName {
    /// Whether the name has one component only.
    var isSingle: Bool { !text.utf8.contains(UInt8(ascii: "/")) }

    /// Whether `component` is the name's first, and not its only one.
    func isBelow(_ component: String) -> Bool {
        let name = text.utf8.span
        let component = component.utf8.span
        guard name.count > component.count else { return false }
        for index in 0..<component.count where name[index] != component[index] { return false }
        return name[component.count] == UInt8(ascii: "/")
    }

    /// The name without `component`, its first; nil when it begins otherwise.
    func removing(_ component: String) -> RepositoryName? {
        guard isBelow(component) else { return nil }
        return RepositoryName(String(text.dropFirst(component.count + 1)))
    }

    /// The name below `component`; nil when it would be too long.
    func below(_ component: String) -> RepositoryName? {
        RepositoryName("\(component)/\(text)")
    }
}
