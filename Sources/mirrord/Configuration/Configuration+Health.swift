import MirrorHTTP

extension Configuration {
    /// Where operators and their programs look.
    struct Debug: Hashable, Sendable {
        var address: ListenAddress
        /// Where the numbers are; nil for nowhere.
        var metricsPath: String?
    }

    /// What is looked at to find out whether the mirror is of use.
    struct Health: Hashable, Sendable {
        /// How the storage is looked at; nil where clients are not to be turned away for it.
        var storage: Pace?
        var files: [File] = []
        var servers: [Server] = []
        var ports: [Port] = []

        /// How often something is looked at, and how often in a row it has to fail.
        struct Pace: Hashable, Sendable {
            var interval = Duration.seconds(10)
            var threshold = 1
        }

        /// A file that must not be there.
        struct File: Hashable, Sendable {
            var path: String
            var pace = Pace()
        }

        /// A server that has to answer.
        struct Server: Hashable, Sendable {
            var url: HTTPURL
            var headers: [HTTP.Header] = []
            var status = 200
            /// Nil for as long as the interval is.
            var timeout: Duration?
            var pace = Pace()
        }

        /// A port that connections have to be possible to.
        struct Port: Hashable, Sendable {
            var host: String
            var number: UInt16
            /// Nil for as long as the interval is.
            var timeout: Duration?
            var pace = Pace()
        }
    }
}
