/// Whose turn it is where no more than so many blobs are fetched at once.
enum FillClass: Int, SlotClass {
    /// How long a fill waits for its turn: clients may wait for it, or come to.
    static let waitTimeout = Duration.seconds(10)

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

    var patience: Duration { Self.waitTimeout }
}
