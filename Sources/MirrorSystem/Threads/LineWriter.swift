internal import Glibc
internal import Synchronization

/// Writes lines to a descriptor from a thread of its own, so that nobody who logs waits for
/// whoever reads.
package final class LineWriter: Sendable {
    /// Bytes that wait to be written at most; lines beyond that are dropped and counted.
    private static let waitingByteLimit = 4 << 20

    private let descriptor: Int32
    private let state = Mutex(State())
    private let signal = ThreadSignal()

    private struct State {
        var waiting: [UInt8] = []
        var dropped = 0
        var isWriting = false
    }

    /// Writes to `descriptor`, which stays open as long as the process runs.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
        startDetachedThread(name: "mirrord-log") { [self] in
            while true {
                signal.wait()
                writeWaiting()
            }
        }
    }

    /// Queues one line, its line feed included.
    package func write(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.waiting.count + line.count <= Self.waitingByteLimit else {
                state.dropped += 1
                return false
            }
            state.waiting += line
            return state.waiting.count == line.count
        }
        if isFirst { signal.post() }
    }

    /// Writes what waits before it returns. May block.
    package func flush() {
        writeWaiting()
        while state.withLock({ $0.isWriting }) { sched_yield() }
    }

    private func writeWaiting() {
        let (bytes, dropped) = state.withLock { state in
            defer {
                state.waiting = []
                state.dropped = 0
                state.isWriting = true
            }
            return (state.waiting, state.dropped)
        }
        writeAll(bytes)
        if dropped > 0 { writeAll(Array("mirrord: \(dropped) log lines were dropped\n".utf8)) }
        state.withLock { $0.isWriting = false }
    }

    private func writeAll(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            // Safe: the kernel reads at most the bytes from `start` to the end of the array.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count > 0 {
                start += count
            } else if errno != EINTR {
                // Nobody reads any more; there is no other place to say so.
                return
            }
        }
    }
}
