import Testing

@testable import mirrord

@Suite struct ConfigurationWarningTests {
    static func warnings(_ lines: String) throws -> [String] {
        try configuration(lines).warnings.map {
            String($0.description.dropFirst("config.yml:".count))
        }
    }

    @Test(arguments: [
        (
            "http: {secret: x}",
            "4:8: http.secret is not supported yet: it signs uploads, "
                + "and a mirror takes none"
        ),
        (
            "auth: {htpasswd: {realm: a, path: b}}",
            "4:1: auth is not supported yet: anyone who "
                + "reaches the mirror may pull, so keep it on a trusted network"
        ),
        (
            "redis: {addr: 'a:1', pool: {maxidle: 1}}",
            "4:1: redis is not supported yet: "
                + "no Redis is used"
        ),
        (
            "log: {formatter: logstash}",
            "4:18: log.formatter logstash is not supported yet: "
                + "records are written as json"
        ),
        (
            "http: {draintimeout: 30}",
            "4:22: http.draintimeout is 30 nanoseconds, as a bare "
                + "number always is: write 30s for seconds"
        ),
        (
            "---\na: b",
            "5:1: a second document begins here and is not read: "
                + "remove the --- before it"
        ),
    ])
    func whatIsNotSupportedYetIsNamedOnce(_ lines: String, _ expected: String) throws {
        #expect(try Self.warnings(lines) == [expected])
    }

    /// The shape of the reference's sample for a cache: every section it has.
    static let cacheSample = """
        version: 0.1
        log:
          level: debug
          fields:
            service: registry
            environment: development
        storage:
            cache:
                blobdescriptor: redis
            filesystem:
                rootdirectory: /var/lib/registry-cache
            maintenance:
                uploadpurging:
                    enabled: false
        http:
            addr: :5000
            secret: anything
            debug:
                addr: localhost:5001
            headers:
                X-Content-Type-Options: [nosniff]
        redis:
          addr: localhost:6379
          pool:
            maxidle: 16
            maxactive: 64
            idletimeout: 300s
          dialtimeout: 10ms
          readtimeout: 10ms
          writetimeout: 10ms
        notifications:
            events:
                includereferences: true
            endpoints:
                - name: one
                  url: http://localhost:5003/callback
                  headers:
                     Authorization: [Bearer token]
                  timeout: 1s
                  threshold: 10
                  backoff: 1s
                  disabled: true
        proxy:
          remoteurl: https://registry-1.docker.io
          username: username
          password: password
          cacheTTL: 48h
        health:
          storagedriver:
            enabled: true
            interval: 10s
            threshold: 3
        """

    @Test func theReferencesSampleForACacheIsTakenWithWarnings() throws {
        let loaded = try LoadedConfiguration.parse(Array(Self.cacheSample.utf8), file: "c.yml")
        #expect(
            loaded.warnings.map { $0.message.prefix { $0 != " " } } == [
                "storage.cache", "storage.maintenance", "http.secret", "http.debug", "redis",
                "notifications", "proxy.cacheTTL", "health",
            ])
        #expect(loaded.configuration.proxy.timeToLive == .seconds(604_800))
    }

    @Test func theReferencesSampleForDevelopmentIsTakenWithWarnings() throws {
        let text = """
            version: 0.1
            log: {level: debug, fields: {service: registry, environment: development}}
            storage:
                delete: {enabled: true}
                cache: {blobdescriptor: inmemory}
                filesystem: {rootdirectory: /var/lib/registry}
                maintenance: {uploadpurging: {enabled: false}}
                tag: {concurrencylimit: 8}
            http:
                addr: :5000
                debug: {addr: ':5001', prometheus: {enabled: true, path: /metrics}}
                headers: {X-Content-Type-Options: [nosniff]}
            health: {storagedriver: {enabled: true, interval: 10s, threshold: 3}}
            proxy: {remoteurl: 'https://registry-1.docker.io', exec: {command: c, lifetime: 1h}}
            """
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        #expect(loaded.warnings.count == 6)
        #expect(loaded.configuration.storage.isDeletionEnabled)
    }

    /// A value that suits a shape.
    static func sample(of shape: ConfigurationShape) -> String {
        switch shape {
        case .value, .anything: "x"
        case .section(let keys), .sectionOrName(let keys):
            "{" + keys.map { "\($0.name): \(sample(of: $0.shape))" }.joined(separator: ", ") + "}"
        case .list(let shape): "[\(sample(of: shape))]"
        case .map(let shape): "{name: \(sample(of: shape))}"
        }
    }

    @Test(
        arguments: ConfigurationSchema.root.filter {
            if case .later = $0.status { true } else { false }
        }.map(\.name))
    func aSectionThatComesLaterIsTakenWithAllItsKeys(_ name: String) throws {
        let key = try #require(ConfigurationSchema.root.first { $0.name == name })
        let warnings = try Self.warnings("\(name): \(Self.sample(of: key.shape))")
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("4:1: \(name) is not supported yet: ") == true)
    }

    @Test func noSectionHasAKeyTwice() {
        func visit(_ shape: ConfigurationShape) {
            switch shape {
            case .section(let keys), .sectionOrName(let keys):
                #expect(Set(keys.map(\.name)).count == keys.count)
                keys.forEach { visit($0.shape) }
            case .list(let inner), .map(let inner): visit(inner)
            case .value, .anything: break
            }
        }
        visit(.section(ConfigurationSchema.root))
    }
}
