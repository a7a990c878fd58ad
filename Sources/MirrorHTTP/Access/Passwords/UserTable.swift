internal import MirrorCore

/// Users and the hashes of their passwords, as a file of `htpasswd` names them: one `user:hash` a
/// line; empty lines and those that begin with `#` mean nothing.
struct UserTable: Hashable, Sendable {
    /// Why a text is no such table.
    struct Fault: Error, Hashable {
        /// Without a word of what the file holds.
        let reason: String
    }

    /// What a password is compared with.
    struct Entry: Hashable, Sendable {
        let hash: PasswordHash
        /// Whether there is such a user, so that a match counts.
        let isReal: Bool
    }

    /// What bcrypt's own tools take by default, where the table has no hash to tell by.
    private static let commonCost = 10

    private let hashes: [String: PasswordHash]
    private let decoy: PasswordHash?
    /// The lines, from 1 on, whose hashes are of kinds that are not taken: nobody gets in by them.
    let uselessLines: [Int]

    /// Reads a table.
    init(_ bytes: [UInt8]) throws(Fault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(reason: "it is not text in UTF-8")
        }
        var hashes: [String: PasswordHash] = [:]
        var useless: [Int] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let line = line.trimmed
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let colon = line.firstIndex(of: ":") else {
                throw Fault(reason: "line \(index + 1) is not user:hash")
            }
            let hash = PasswordHash(line[line.index(after: colon)...])
            if hash == nil { useless.append(index + 1) }
            // Of several the last counts, as in the reference.
            hashes[String(line[..<colon])] = hash
        }
        self.hashes = hashes
        uselessLines = useless
        let cost = hashes.values.map(\.cost).max() ?? Self.commonCost
        decoy = PasswordHash.decoy(cost: cost)
    }

    /// How many can get in.
    var count: Int { hashes.count }

    /// What the password of whoever says to be `user` is compared with; of nobody, something that
    /// takes as long.
    func entry(of user: String) -> Entry? {
        if let hash = hashes[user] { return Entry(hash: hash, isReal: true) }
        return decoy.map { Entry(hash: $0, isReal: false) }
    }
}
