internal import MirrorCore

/// Whose password is compared first, where no more than so many are at once.
enum PasswordClass: Int, SlotClass {
    /// How long a password waits to be compared.
    static let waitTimeout = Duration.seconds(10)

    /// It was right before. Whoever makes up passwords does not hold up those who know theirs.
    case known
    case unknown

    func room(of concurrency: Int) -> Int {
        self == .known ? concurrency : max(1, concurrency - 1)
    }

    var patience: Duration { Self.waitTimeout }
}
