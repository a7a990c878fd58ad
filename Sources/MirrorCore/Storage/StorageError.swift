/// Why a storage driver could not do what it was asked.
///
/// Absence is never an error: what may be missing is answered by an optional.
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller can decide by.
    public enum Code: Hashable, Sendable {
        /// No room is left, or a quota is reached.
        case outOfSpace
        /// The place cannot be written or read with the rights at hand.
        case notPermitted
        /// The place is not what it should be, as a folder where an object is due.
        case conflict
        /// The medium does not give back what was written: it cannot be read, or is cut short.
        /// Trying again will not help; writing it anew may.
        case damaged
        /// Anything else that the storage reports; trying again later may help.
        case failed
    }

    /// What a caller can decide by.
    public let code: Code
    /// The place that was being used.
    public let key: StorageKey
    /// What happened, for the operator, such as `write: No space left on device`.
    public let reason: String

    /// Says what went wrong with the object at `key`.
    public init(_ code: Code, at key: StorageKey, reason: String) {
        self.code = code
        self.key = key
        self.reason = reason
    }

    /// The reason with its place.
    public var description: String { "\(key): \(reason)" }
}
