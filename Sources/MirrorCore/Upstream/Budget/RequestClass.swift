/// Whose turn it is where an upstream is asked by no more than so many at once; the first is
/// served first.
enum RequestClass: Int, SlotClass {
    /// How long a client's request waits to be made.
    static let waitTimeout = Duration.seconds(10)
    /// How long a request waits to be made that no client waits for.
    private static let backgroundWaitTimeout = Duration.seconds(300)

    /// A client waits for a short answer.
    case question
    /// A client waits for a blob.
    case download
    /// Nobody waits.
    case background

    /// How many of `concurrency` slots may be in use, by anybody, after one of this class has
    /// begun: questions do not wait behind downloads for ever, nor live ones behind background
    /// work.
    func room(of concurrency: Int) -> Int {
        switch self {
        case .question: concurrency
        case .download: max(1, concurrency - 1)
        case .background: max(1, concurrency / 2)
        }
    }

    var patience: Duration {
        self == .background ? Self.backgroundWaitTimeout : Self.waitTimeout
    }
}
