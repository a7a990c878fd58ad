/// The place of an object in a storage driver: a path of validated components.
///
/// A component is `[A-Za-z0-9._-]+`, neither `.` nor `..`, and at most 255 bytes long, so a key
/// can be a file path, or an object name, with no escaping and no way out of the root.
public struct StorageKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest component, in bytes: the limit of common file systems.
    public static var componentByteLimit: Int { 255 }

    /// The components joined by `/`, with no slash at either end; empty for the root.
    public let path: String

    /// The place that holds everything.
    public static let root = StorageKey(validated: "")

    /// Checks a path from outside; nil when a component is not valid.
    public init?(_ path: String) {
        guard
            path.split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy(Self.isValid)
        else { return nil }
        self.init(validated: path)
    }

    private init(validated path: String) {
        self.path = path
    }

    /// The key one component further down.
    ///
    /// - Precondition: `component` is valid. Names from outside are checked by the types that
    ///   carry them (``Digest``, ``RepositoryName``, ``Tag``), so an invalid one is a mistake in
    ///   the program.
    public func child(_ component: some StringProtocol) -> StorageKey {
        precondition(Self.isValid(component), "not a component of a storage key: \(component)")
        return StorageKey(validated: path.isEmpty ? String(component) : "\(path)/\(component)")
    }

    /// The key one component up; the root's parent is the root.
    public var parent: StorageKey {
        guard let slash = path.lastIndex(of: "/") else { return .root }
        return StorageKey(validated: String(path[..<slash]))
    }

    /// The last component; empty for the root.
    public var name: Substring {
        guard let slash = path.lastIndex(of: "/") else { return path[...] }
        return path[path.index(after: slash)...]
    }

    /// Whether `other` is this key or lies below it.
    public func isAtOrAbove(_ other: StorageKey) -> Bool {
        self == .root || self == other || other.path.hasPrefix("\(path)/")
    }

    /// Whether `component` may be part of a key.
    public static func isValid(_ component: some StringProtocol) -> Bool {
        guard component != ".", component != "..", !component.isEmpty,
            component.utf8.count <= componentByteLimit
        else { return false }
        return component.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// The path.
    public var description: String { path.isEmpty ? "(root)" : path }

    /// Orders by path.
    public static func < (left: StorageKey, right: StorageKey) -> Bool { left.path < right.path }
}
