import MirrorHTTP
import MirrorCore

/// Everything an operator can decide, checked and complete.
struct Configuration: Hashable, Sendable {
    var log = Log()
    var storage: Storage
    /// Whom the mirror lets in; nil for everybody.
    var auth: Auth?
    var http = HTTP()
    var health = Health()
    var lists = Lists()
    /// The registry that is mirrored, if any.
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
            case text, json, logstash
        }
    }

    /// Where content is kept.
    struct Storage: Hashable, Sendable {
        var driver: Driver
        /// Whether expired content may be removed.
        var isDeletionEnabled = false
        /// How what is held is read through for damage.
        var scrub = ScrubSettings()
        /// What becomes of blobs that were left unfinished.
        var leftovers = LeftoverPolicy()

        enum Driver: Hashable, Sendable {
            case fileSystem(FileSystem)
            case inMemory
        }

        struct FileSystem: Hashable, Sendable {
            var rootDirectory = "/var/lib/registry"
            /// How many calls that block may run at once; at least 4.
            var maxThreads = 16
        }
    }

    /// How clients reach the mirror.
    struct HTTP: Hashable, Sendable {
        var address = ListenAddress.tcp(host: nil, port: 5000)
        /// `nil` for plain HTTP.
        var tls: TLSServerSettings?
        /// The path before `/v2/`; begins and ends with a slash.
        var prefix = "/"
        /// Fields added to every answer.
        var headers: [Header] = []
        /// Where operators look; nil for nowhere.
        var debug: Debug?
        /// How long a stop waits for answers that are under way.
        var drainTimeout = Duration.seconds(10)

        struct Header: Hashable, Sendable {
            var name: String
            var values: [String]
        }
    }

    /// How many entries a page of a list has at most.
    struct Lists: Hashable, Sendable {
        var maxRepositories = 1000
        var maxTags = 1000
    }

    /// A registry that is mirrored.
    struct Upstream: Hashable, Sendable {
        /// What the names of images call it, where that is said.
        var name: UpstreamName?
        /// Further names that clients may reach the mirror by to mean it.
        var hosts: [String] = []
        /// `nil` where nothing is mirrored, and what is held is served.
        var remoteURL: BaseURL?
        var credentials: Credentials?
        /// How long is believed what it says of clients' own credentials; nil where they do not
        /// matter.
        var clientTokens: ClientTokenSettings?
        /// How long content is kept after its last use; `nil` for ever.
        var timeToLive: Duration? = .seconds(168 * 3600)
        /// What is removed besides.
        var eviction = Eviction()
        /// When its tags are asked for.
        var tags = FreshnessPolicy()
        /// How much is asked of the upstream at once.
        var limits = UpstreamLimits()
        /// How long it is waited for.
        var timeouts = ClientTimeouts()
        var tls = TLS()
        var httpProxy = HTTPProxy.environment
        /// Hosts that the registry may send the mirror to wherever they are.
        var redirectHosts: Set<String> = []

        /// What is removed of what is used still, and what never is.
        struct Eviction: Hashable, Sendable {
            /// Bytes that this registry's content may have; of the main one, all content.
            var maxSize: Int64?
            /// What stays free on the disk; of the main one only.
            var minFree: StoreLimits.FreeSpace?
            /// How far an eviction goes on, as a part of the limits; of the main one only.
            var headroom = StoreLimits().headroom
            var maxAge: Duration?
            var pins = ImagePatterns()

            /// Whether something is to be removed by it.
            var isSaid: Bool { maxSize != nil || minFree != nil || maxAge != nil }
        }

        /// By which account it is asked.
        enum Credentials: Hashable, Sendable {
            case password(username: String, Secret)
            case passwordFile(username: String, path: String)
            /// A program that gives them; see ``CredentialHelper``.
            case helper(command: String, lifetime: Duration?)
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
