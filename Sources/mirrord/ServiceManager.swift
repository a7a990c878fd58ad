import MirrorCore
import MirrorHTTP
import MirrorSystem

/// Tells the service manager how the program is, in the words of sd_notify(3). Where there is no
/// such manager it does nothing.
struct ServiceManager: Sendable {
    private let socket: NotifySocket?
    private let watchdogTime: Duration?

    init(_ environment: ServiceEnvironment) throws(StartError) {
        watchdogTime = environment.watchdogTime
        guard let address = environment.notifyAddress else {
            socket = nil
            return
        }
        do throws(SystemError) {
            socket = try NotifySocket(at: address)
        } catch {
            throw StartError("the service manager cannot be told anything: \(error)")
        }
        guard socket != nil else {
            throw StartError("NOTIFY_SOCKET is neither a path nor an abstract name: \(address)")
        }
    }

    /// Clients are served.
    func ready(at address: String) {
        tell("READY=1", "STATUS=serving at \(address)")
    }

    /// What may have changed is being taken in; ``ready(at:)`` follows.
    func reloading() {
        tell("RELOADING=1", "MONOTONIC_USEC=\(MonotonicClock.nanoseconds / 1000)")
    }

    /// It comes to an end.
    func stopping() {
        tell("STOPPING=1", "STATUS=requests under way may finish")
    }

    /// Gives signs of life for as long as the loops do, where they are waited for; until it is
    /// cancelled.
    func keepAlive(_ group: EventLoopGroup, time: any TimeSource = SystemTimeSource()) async {
        guard let watchdogTime, socket != nil else { return }
        while !Task.isCancelled {
            await group.settle()
            tell("WATCHDOG=1")
            guard (try? await time.sleep(for: watchdogTime / 2)) != nil else { return }
        }
    }

    /// A manager that does not listen is no reason to stop.
    private func tell(_ lines: String...) {
        try? socket?.send(lines.joined(separator: "\n"))
    }
}
