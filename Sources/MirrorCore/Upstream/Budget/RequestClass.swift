/// Whose turn it is where an upstream is asked by no more than so many at once; the first is
/// served first.
enum RequestClass: Int, Hashable, CaseIterable {
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
}
