/// How far the scrub has come, as a value. On disk it is a line: the second in which the pass
/// began, and the digest that was checked last, `-` before the first or `done` after the last.
struct ScrubPosition: Hashable, Sendable {
    /// When the pass began.
    let start: WallTime
    /// What was checked last.
    var last: Digest?
    /// Whether the pass has come to its end.
    var isDone = false

    init(start: WallTime) {
        self.start = start
    }

    /// What is to be done at a moment.
    enum Step: Hashable {
        /// Go on behind the position.
        case goOn
        case beginAnew
        case wait(until: WallTime)
    }

    func step(at now: WallTime, every interval: Duration) -> Step {
        if !isDone { return .goOn }
        let next = start + interval
        // A beginning in the future is one by a clock that was wrong.
        return now < next && start <= now ? .wait(until: next) : .beginAnew
    }
}

extension ScrubPosition {
    var text: String {
        let seconds = start.nanosecondsSinceEpoch / 1_000_000_000
        return "\(seconds) \(isDone ? "done" : last?.text ?? "-")\n"
    }

    /// Reads what ``text`` wrote; nil for all else.
    init?(text: String) {
        let words = text.split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let seconds = Int64(words[0]) else { return nil }
        start = .seconds(seconds)
        switch words[1] {
        case "-": break
        case "done": isDone = true
        case let word:
            guard let digest = Digest(String(word)) else { return nil }
            last = digest
        }
    }
}
