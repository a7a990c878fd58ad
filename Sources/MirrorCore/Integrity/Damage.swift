/// What is wrong with content that is held.
enum Damage: Hashable, Sendable {
    /// It has not the size in bytes that it must have; nil where that is known of its digest only.
    case size(Int64, expected: Int64?)
    /// Its bytes have another digest.
    case digest(Digest)
    /// The medium does not give it back, for this reason.
    case unreadable(String)
}

extension Damage {
    /// What was found and what was due, for the log.
    var fields: [LogField] {
        switch self {
        case .size(let found, let expected):
            [LogField("found", "\(found) bytes")]
                + (expected.map { [LogField("expected", "\($0) bytes")] } ?? [])
        case .digest(let found): [LogField("found", found.text)]
        case .unreadable(let reason): [LogField("error", reason)]
        }
    }
}
