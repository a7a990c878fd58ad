import MirrorHTTP
import MirrorCore

/// Everything an operator can decide, checked and complete.
struct Configuration: Hashable, Sendable {
    var log = Log()
    var storage: Storage
    var http = HTTP()
    /// The registry that is mirrored.
    var proxy: Upstream
    /// Further ones.
    var upstreams: [Upstream] = []

    /// What is written about the work, and how.
    struct Log: Hashable, Sendable {
        var level = LogLevel.info
        var formatter = Formatter.text
        /// Fields that every record carries.
        var fields: [LogField] = []
        var isAccessLogEnabled = true

        enum Formatter: String, CaseIterable, Sendable {
            case text, json
        }
    }

    /// Where content is kept.
    struct Storage: Hashable, Sendable {
        var driver: Driver
        /// Whether expired content may be removed.
        var isDeletionEnabled = false

        enum Driver: Hashable, Sendable {
            case fileSystem(FileSystem)
            case inMemory
        }

        struct FileSystem: Hashable, Sendable {
            var rootDirectory = "/var/lib/registry"
            /// How many blocking file operations may run at once; at least 25.
            var maxThreads = 100
        }
    }

    /// How clients reach the mirror.
    struct HTTP: Hashable, Sendable {
        var address = ListenAddress.tcp(host: nil, port: 5000)
        /// `nil` for plain HTTP.
        var tls: TLSServerSettings?
        /// What links in answers begin with, where the request itself should not decide.
        var host: BaseURL?
        /// The path before `/v2/`; begins and ends with a slash.
        var prefix = "/"
        /// Fields added to every answer.
        var headers: [Header] = []
        /// How long a stop waits for answers that are under way.
        var drainTimeout = Duration.seconds(10)

        struct Header: Hashable, Sendable {
            var name: String
            var values: [String]
        }
    }

    /// A registry that is mirrored.
    struct Upstream: Hashable, Sendable {
        /// What the names of images call it, where that is said.
        var name: UpstreamName?
        /// Further names that clients may reach the mirror by to mean it.
        var hosts: [String] = []
        var remoteURL: BaseURL
        var credentials: Credentials?
        /// How long content is kept after its last use; `nil` for ever.
        var timeToLive: Duration? = .seconds(168 * 3600)
        /// When its tags are asked for.
        var tags = FreshnessPolicy()
        /// How much is asked of the upstream at once.
        var limits = UpstreamLimits()
        var tls = TLS()
        var httpProxy = HTTPProxy.environment

        struct Credentials: Hashable, Sendable {
            var username: String
            var password: Secret
        }

        struct TLS: Hashable, Sendable {
            /// Files of certificates that are believed besides the system's.
            var rootFiles: [String] = []
            var identity: TLSIdentity?
            /// Whether any certificate will do.
            var skipsVerification = false
        }

        /// The way to the registry.
        enum HTTPProxy: Hashable, Sendable {
            /// As `HTTPS_PROXY` and its like say.
            case environment
            case direct
            case everywhere(Secret)
        }
    }
}
