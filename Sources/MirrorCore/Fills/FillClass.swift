/// Whose turn it is where no more than so many blobs are fetched at once.
enum FillClass: Int, SlotClass {
    /// How long a fill that clients wait for waits for its turn.
    static let waitTimeout = Duration.seconds(10)
    /// How long one waits that nobody waits for.
    private static let backgroundWaitTimeout = Duration.seconds(300)

    /// Clients wait for it.
    case live
    /// Nobody waits for it.
    case background

    init(_ priority: UpstreamPriority) {
        self = priority == .live ? .live : .background
    }

    func room(of concurrency: Int) -> Int {
        self == .live ? concurrency : max(1, concurrency / 2)
    }

    var patience: Duration {
        self == .live ? Self.waitTimeout : Self.backgroundWaitTimeout
    }
}
