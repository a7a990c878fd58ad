/// A bcrypt hash of a password, as `htpasswd -B` writes it: `$2y$10$…`.
struct PasswordHash: Hashable, Sendable {
    /// Hashes of a higher cost are not taken: one takes seconds, and a thread for that long.
    private static let costLimit = 16
    private static let forms = ["$2a$", "$2b$", "$2y$"]
    /// Characters of salt and hash.
    private static let restLength = 53

    let text: String
    /// The logarithm of the work that it takes to compare with.
    let cost: Int

    /// Nil for hashes of other kinds, which the reference registry refuses, too.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard Self.forms.contains(where: { text.hasPrefix($0) }), parts.count == 4,
            parts[2].utf8.count == 2, parts[2].allSatisfy(\.isNumber), let cost = Int(parts[2]),
            (4...Self.costLimit).contains(cost),
            parts[3].utf8.count == Self.restLength, parts[3].utf8.allSatisfy(Self.isDigit)
        else { return nil }
        self.text = String(text)
        self.cost = cost
    }

    /// What the passwords of nobody are compared with, so that it takes as long as with others.
    static func decoy(cost: Int) -> PasswordHash? {
        let number = cost < 10 ? "0\(cost)" : "\(cost)"
        return PasswordHash("$2b$\(number)$" + String(repeating: ".", count: restLength))
    }

    /// A digit of bcrypt's Base64.
    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
