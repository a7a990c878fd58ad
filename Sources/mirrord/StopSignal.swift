import MirrorSystem
import Synchronization

/// The first SIGTERM or SIGINT asks for an orderly end, the second ends the process at once.
final class StopSignal: Sendable {
    private enum State {
        case running
        case waiting(CheckedContinuation<Void, Never>)
        case stopping
    }

    private let state = Mutex(State.running)

    func received(_ number: Int32) {
        let (isSecond, waiter) = state.withLock { state in
            defer { state = .stopping }
            switch state {
            case .running: return (false, CheckedContinuation<Void, Never>?.none)
            case .waiting(let waiter): return (false, waiter)
            case .stopping: return (true, nil)
            }
        }
        waiter?.resume()
        // 128 and the signal's number is what shells expect of a process ended by it.
        if isSecond {
            ProcessEnvironment.exit(saying: "mirrord: ended at once\n", status: 128 + number)
        }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isStopping = state.withLock { state in
                if case .stopping = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isStopping { continuation.resume() }
        }
    }
}
