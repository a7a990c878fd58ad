/// Whether a body comes fast enough to be waited for. Only the time that its reader waits counts:
/// one who reads slowly has no slow server.
struct BodyPace: Hashable, Sendable {
    /// As many bytes have to come in the time that is given for them.
    static let byteCount = 16 << 10

    /// For each ``byteCount``; zero means any time.
    private let patience: Duration
    private var waited = Duration.zero
    private var received = 0

    init(_ patience: Duration) {
        self.patience = patience
    }

    /// How long the next bytes may still be waited for; nil for any time, zero when they are too
    /// late already.
    var remaining: Duration? {
        patience > .zero ? max(.zero, patience - waited) : nil
    }

    /// Bytes have come for which somebody waited.
    mutating func didReceive(_ count: Int, after wait: Duration) {
        received += count
        waited += wait
        guard received >= Self.byteCount else { return }
        received = 0
        waited = .zero
    }
}
