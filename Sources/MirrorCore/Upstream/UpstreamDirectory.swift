/// The registries that a mirror stands for: what each is called, and which name the mirror
/// stores a repository under that a client asks one of them for.
///
/// One of them is the main one, whose repositories are stored under their own names. Those of
/// another are stored below its name: `ghcr.io/owner/app`. So equal names of two registries
/// never meet, and what is stored is at the same time what a client may ask for by path.
public struct UpstreamDirectory: Sendable {
    /// What one registry is called.
    public struct Entry: Hashable, Sendable {
        /// Its name in the names of images.
        public var name: UpstreamName
        /// Further names that clients may reach the mirror by to mean this registry.
        public var hosts: [String]
        /// Whether `busybox` means `library/busybox` there, as it does at Docker Hub.
        public var impliesLibrary: Bool

        /// Describes a registry; what is called as Docker Hub is implies `library/`.
        public init(
            _ name: UpstreamName, hosts: [String] = [], impliesLibrary: Bool? = nil
        ) {
            self.name = name
            self.hosts = hosts
            self.impliesLibrary = impliesLibrary ?? (name == .dockerHub)
        }
    }

    private let main: Entry?
    private let others: [Entry]

    /// - Parameters:
    ///   - main: nil when it is not known what others call the main registry. If there are no
    ///     others, every name is its name then.
    ///   - others: of each component, only the first counts.
    public init(main: Entry? = nil, others: [Entry] = []) {
        self.main = main
        self.others = others
    }

    /// Whether it matters which registry a client says that it means.
    public var isSelective: Bool { main != nil || !others.isEmpty }

    /// Whether `namespace` is known to be the name of a registry here, in whatever case.
    public func isName(_ namespace: String) -> Bool {
        if let main, Self.is(main, called: namespace) { return true }
        return others.contains { Self.is($0, called: namespace) }
    }

    /// The name of the registry that is meant where no repository is named: that of another than
    /// the main one, or nil.
    public func registry(
        namespace: String? = nil, host: @autoclosure () -> String? = nil
    ) -> UpstreamName? {
        if others.isEmpty { return nil }
        if let namespace {
            if let main, Self.is(main, called: namespace) { return nil }
            return others.first { Self.is($0, called: namespace) }?.name
        }
        return host().flatMap { entry(at: $0) }?.name
    }

    /// The name that a repository is stored under; nil when no registry here is meant.
    ///
    /// The first of these that the request has decides which registry that is:
    /// 1. `namespace`, the value of its `ns` parameter (OCI distribution-spec, "Registry
    ///    Proxying").
    /// 2. `host`, of its `Host` field, where it is the name of a registry other than the main
    ///    one.
    /// 3. The first component of `name`, where it is the name of a registry.
    /// 4. Otherwise it is the main one.
    public func storedName(
        of name: RepositoryName, namespace: String? = nil, host: @autoclosure () -> String? = nil
    ) -> RepositoryName? {
        guard isSelective else { return name }
        if let namespace { return storedName(of: name, namespace: namespace) }
        if !others.isEmpty, let host = host(), let entry = entry(at: host) {
            return Self.whole(name, at: entry)?.below(entry.name.component)
        }
        if let main, Self.isAt(main, name) {
            return name.removing(main.name.component).flatMap { storedInMain($0) }
        }
        if let entry = others.first(where: { Self.isAt($0, name) }) {
            return name.removing(entry.name.component).flatMap { rest in
                Self.whole(rest, at: entry)?.below(entry.name.component)
            }
        }
        return storedInMain(name)
    }

    private func storedName(of name: RepositoryName, namespace: String) -> RepositoryName? {
        if let main, Self.is(main, called: namespace) { return storedInMain(name) }
        guard let entry = others.first(where: { Self.is($0, called: namespace) }) else {
            return nil
        }
        return Self.whole(name, at: entry)?.below(entry.name.component)
    }

    /// Whether what is stored under this name is of another registry than the main one.
    package func isOfAnother(_ stored: RepositoryName) -> Bool {
        others.contains { Self.isAt($0, stored) }
    }

    /// A repository of the main registry; none whose name is stored for another.
    private func storedInMain(_ name: RepositoryName) -> RepositoryName? {
        guard !others.contains(where: { Self.isAt($0, name) }) else {
            return nil
        }
        guard let main else { return name }
        return Self.whole(name, at: main)
    }

    private static func whole(_ name: RepositoryName, at entry: Entry) -> RepositoryName? {
        entry.impliesLibrary && name.isSingle ? name.below("library") : name
    }

    /// Whether a path leads to a registry, or to nothing there.
    private static func isAt(_ entry: Entry, _ name: RepositoryName) -> Bool {
        name.isBelow(entry.name.component) || name.text == entry.name.component
    }

    /// The registry other than the main one that is reached by a host, at whatever port.
    private func entry(at host: String) -> Entry? {
        if let entry = others.first(where: { Self.is($0, called: host) }) { return entry }
        guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        return others.first { Self.is($0, called: host[..<colon]) }
    }

    private static func `is`(_ entry: Entry, called text: some StringProtocol) -> Bool {
        isSame(entry.name.text, text) || entry.hosts.contains { isSame($0, text) }
    }

    /// Compares without regard to the case of ASCII letters.
    private static func isSame(_ left: String, _ right: some StringProtocol) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
