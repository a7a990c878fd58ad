internal import Glibc

/// What a service manager such as systemd hands to a process that it starts.
package struct ServiceEnvironment: Hashable, Sendable {
    /// A socket that was opened for the process.
    package struct Socket: Hashable, Sendable {
        package let descriptor: Int32
        /// What the manager calls it; empty where it has no name.
        package let name: String

        package init(descriptor: Int32, name: String) {
            self.descriptor = descriptor
            self.name = name
        }
    }

    /// In the manager's order; empty where there are none (sd_listen_fds(3)).
    package private(set) var sockets: [Socket] = []
    /// Where the manager hears how the process is (sd_notify(3)).
    package private(set) var notifyAddress: String?
    /// How long the process may give no sign of life (sd_watchdog_enabled(3)).
    package private(set) var watchdogTime: Duration?

    private static let names = [
        "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID",
        "WATCHDOG_USEC",
    ]
    /// Sockets are handed over from this descriptor on.
    private static let firstDescriptor: Int32 = 3

    /// What the environment holds, taken out of it: it is for this process alone, not for those
    /// that it starts. Call before any other thread starts.
    package static func take() -> ServiceEnvironment {
        let environment = ServiceEnvironment(ProcessEnvironment.all, process: getpid())
        for name in names { ProcessEnvironment.remove(name) }
        return environment
    }

    /// What these variables say to the process of that number.
    package init(_ variables: [String: String], process: Int32) {
        if variables["LISTEN_PID"] == "\(process)", let text = variables["LISTEN_FDS"],
            let count = Int32(text), count > 0, count <= Int32(Int16.max)
        {
            let names = variables["LISTEN_FDNAMES"]?.split(
                separator: ":", omittingEmptySubsequences: false)
            sockets = (0..<count).map { index in
                let name = names.flatMap { index < $0.count ? String($0[Int(index)]) : nil }
                return Socket(descriptor: Self.firstDescriptor + index, name: name ?? "")
            }
        }
        notifyAddress = variables["NOTIFY_SOCKET"]
        let isWatched = variables["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        if isWatched, let time = variables["WATCHDOG_USEC"].flatMap({ Int64($0) }), time > 0 {
            watchdogTime = .microseconds(time)
        }
    }
}
