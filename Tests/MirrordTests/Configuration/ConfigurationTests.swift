import MirrorHTTP
import MirrorCore
import Testing

@testable import mirrord

@Suite struct ConfigurationTests {
    @Test func everyHonouredKeyIsRead() throws {
        let text = """
            version: "0.1"
            log:
              level: warn
              formatter: logstash
              accesslog: {disabled: true}
              fields: {service: registry, rack: 7, spare: yes, empty: , zip: "0123",
                list: [a, {b: 1}]}
            storage:
              filesystem: {rootdirectory: /data, maxthreads: 3}
              delete: {enabled: true}
              maintenance: {uploadpurging: {enabled: false, age: 1h, interval: 2h, dryrun: true}}
            http:
              addr: '[::1]:5001'
              net: tcp
              host: https://mirror.example.com
              prefix: /cache
              draintimeout: 1m30s
              headers:
                X-Content-Type-Options: [nosniff]
                X-Two: [a, b]
                X-One: c
            proxy:
              remoteurl: http://Registry.Example.com:8080/base/
              username: tim
              password: 0123
              ttl: 36h
              limits: {concurrency: 8, bandwidth: 50MiB, scarcebelow: 25%, failures: 5}
            catalog: {maxentries: 50}
            tags: {maxtags: 20}
            """
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        var limits = UpstreamLimits()
        limits.concurrency = 8
        limits.bandwidth = 50 << 20
        limits.scarceBelow = 0.25
        limits.failures = 5
        var leftovers = LeftoverPolicy()
        leftovers.ageLimit = nil
        leftovers.isDryRun = true
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration
                == Configuration(
                    log: .init(
                        level: .warning, formatter: .logstash,
                        fields: [
                            LogField("service", "registry"), LogField("rack", 7),
                            LogField("spare", true), LogField("empty", ""),
                            LogField("zip", "0123"), LogField("list", "[a, {b: 1}]"),
                        ],
                        isAccessLogEnabled: false),
                    storage: .init(
                        driver: .fileSystem(.init(rootDirectory: "/data", maxThreads: 4)),
                        isDeletionEnabled: true,
                        leftovers: leftovers),
                    http: .init(
                        address: .tcp(host: "::1", port: 5001),
                        prefix: "/cache/",
                        headers: [
                            .init(name: "X-Content-Type-Options", values: ["nosniff"]),
                            .init(name: "X-Two", values: ["a", "b"]),
                            .init(name: "X-One", values: ["c"]),
                        ],
                        drainTimeout: .seconds(90)),
                    lists: .init(maxRepositories: 50, maxTags: 20),
                    proxy: .init(
                        remoteURL: BaseURL(
                            scheme: .http, host: "registry.example.com", port: 8080,
                            path: "/base"),
                        credentials: .password(username: "tim", Secret("0123")),
                        timeToLive: .seconds(36 * 3600), limits: limits)))
    }

    @Test func whatIsNotSaidHasADefault() throws {
        let loaded = try configuration()
        #expect(
            loaded.configuration
                == Configuration(
                    log: .init(
                        level: .info, formatter: .text, fields: [], isAccessLogEnabled: true),
                    storage: .init(driver: .inMemory, isDeletionEnabled: false),
                    http: .init(
                        address: .tcp(host: nil, port: 5000), prefix: "/", headers: [],
                        drainTimeout: .seconds(10)),
                    proxy: .init(
                        remoteURL: BaseURL(
                            scheme: .https, host: "registry.example.com", port: 443),
                        credentials: nil, timeToLive: .seconds(604_800))))
    }

    @Test(arguments: [
        "log:", "log: {}", "http:", "http: ~", "log: {level: , fields: }", "http: {net: ''}",
    ])
    func anEmptySectionIsLikeNone(_ line: String) throws {
        #expect(try configuration(line).configuration == configuration().configuration)
    }

    @Test(arguments: [
        ("filesystem", Configuration.Storage.Driver.fileSystem(.init())), ("inmemory", .inMemory),
        ("{filesystem: }", .fileSystem(.init())), ("{inmemory: {}}", .inMemory),
        ("{filesystem: {maxthreads: '64'}}", .fileSystem(.init(maxThreads: 64))),
    ])
    func aStorageDriverNeedsNoParameters(
        _ storage: String, _ driver: Configuration.Storage.Driver
    ) throws {
        let text = "version: 0.1\nstorage: \(storage)\nproxy: {remoteurl: 'https://r.test'}"
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        #expect(loaded.configuration.storage.driver == driver)
    }

    @Test(arguments: [
        ("168h", Duration.seconds(604_800)), ("0", nil), ("-1h", nil), ("0s", nil), ("''", nil),
        ("90s", .seconds(90)), ("3600000000000", .seconds(3600)), ("", .seconds(604_800)),
        ("~", .seconds(604_800)), ("-5", nil),
    ])
    func contentIsKeptForTheTimeToLive(_ ttl: String, _ expected: Duration?) throws {
        let text = """
            version: 0.1
            storage: inmemory
            proxy: {remoteurl: 'https://r.test', ttl: \(ttl)}
            """
        guard ttl != "''" else {
            #expect(faults(text).first?.contains("proxy.ttl must be a duration") == true)
            return
        }
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        #expect(loaded.configuration.proxy.timeToLive == expected)
    }

    @Test(arguments: [
        (":5000", ListenAddress.tcp(host: nil, port: 5000)),
        ("127.0.0.1:0", .tcp(host: "127.0.0.1", port: 0)),
        ("localhost:65535", .tcp(host: "localhost", port: 65_535)),
        ("[::]:80", .tcp(host: "::", port: 80)),
    ])
    func anAddressIsHostAndPort(_ text: String, _ expected: ListenAddress) throws {
        #expect(try configuration("http: {addr: '\(text)'}").configuration.http.address == expected)
    }

    @Test func aUnixSocketHasAPath() throws {
        let loaded = try configuration("http: {net: unix, addr: /run/mirrord.sock}")
        #expect(loaded.configuration.http.address == .unix(path: "/run/mirrord.sock"))
    }

    @Test func theOldNameOfTheLevelCountsWhereTheNewOneIsMissing() throws {
        let old = try configuration("loglevel: debug")
        #expect(old.configuration.log.level == .debug)
        #expect(
            old.warnings.map(\.description) == [
                "config.yml:4:1: loglevel is an old name: write level under log"
            ])
        let both = try configuration("loglevel: debug\nlog: {level: ERROR}")
        #expect(both.configuration.log.level == .error)
    }

    @Test func anEmptyNameAndPasswordMeanNone() throws {
        let text = """
            version: 0.1
            storage: inmemory
            proxy: {remoteurl: 'https://r.test', username: "", password: ''}
            """
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        #expect(loaded.configuration.proxy.credentials == nil)
    }

    @Test func thePasswordIsInNoText() throws {
        let text = """
            version: 0.1
            storage: inmemory
            proxy: {remoteurl: 'https://r.test', username: tim, password: sesame}
            """
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains("sesame"))
        #expect(!"\(loaded)".contains("sesame"))
        #expect(
            loaded.configuration.proxy.credentials
                == .password(username: "tim", Secret("sesame")))
    }

    @Test func mergeKeysAndAnchorsWorkInAConfiguration() throws {
        let text = """
            version: 0.1
            storage:
              filesystem: &files {rootdirectory: /a}
            log:
              fields:
                <<: {a: 1}
                b: 2
            proxy:
              remoteurl: &url https://r.test
              httpproxy: *url
            """
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        #expect(loaded.configuration.log.fields == [LogField("b", 2), LogField("a", 1)])
        #expect(loaded.configuration.proxy.httpProxy == .everywhere(Secret("https://r.test")))
    }
}
