internal import MirrorSystem
internal import Synchronization

/// The event loops of a process, by default one for each processor that it may use.
public final class EventLoopGroup: Sendable {
    /// The loops, in a fixed order.
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Starts `count` loops; the processors at hand decide when it is nil.
    ///
    /// - Throws: when the system refuses a descriptor.
    public init(count: Int? = nil) throws(StartError) {
        do {
            var loops: [EventLoop] = []
            for index in 0..<max(1, count ?? usableProcessorCount) {
                loops.append(try EventLoop(name: "mirrord-loop-\(index)"))
            }
            self.loops = loops
        } catch {
            throw StartError("cannot start an event loop: \(error)")
        }
    }

    /// The loop that this is called on, or else one after another.
    public func nearest() -> EventLoop {
        if let current = EventLoop.current { return current }
        let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[(index & Int.max) % loops.count]
    }

    /// Returns when every loop has taken a turn: none of them hangs.
    public func settle() async {
        for loop in loops { await loop.run {} }
    }

    /// Ends the loops' threads. Nothing may use their sockets any more.
    public func stop() {
        for loop in loops { loop.stop() }
    }
}

/// Why a server could not start, in one line for the operator.
public struct StartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String

    /// Wraps one line.
    public init(_ description: String) {
        self.description = description
    }
}
