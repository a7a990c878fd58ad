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
            "http:\n  tls: {certificate: a, key: b, letsencrypt: {email: a}}",
            "5:33: http.tls.letsencrypt is not supported yet: "
                + "certificates are had from a file, which certbot or lego can keep"
        ),
        (
            "redis: {addr: 'a:1', pool: {maxidle: 1}}",
            "4:1: redis is not supported yet: "
                + "no Redis is used"
        ),
        (
            "log: {reportcaller: true}",
            "4:7: log.reportcaller is not supported yet: "
                + "records do not name the code that wrote them"
        ),
        (
            "notifications: {endpoints: [{disabled: true}, {url: 'http://a.test'}]}",
            "4:17: notifications.endpoints is not supported yet: no notification is sent"
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

    @Test(arguments: [
        "http: {http2: {disabled: true}, h2c: {enabled: false}}",
        "notifications: {events: {includereferences: true}, endpoints: [{disabled: true}]}",
        "compatibility: {schema1: {enabled: false}}", "log: {reportcaller: false}",
        "log: {hooks: [{type: mail, disabled: true}]}",
        "middleware: {storage: []}\nlog: {hooks: []}",
    ])
    func whatIsSwitchedOffIsNotMissed(_ lines: String) throws {
        #expect(try Self.warnings(lines) == [])
    }

    @Test(arguments: [
        "http: {secret: x, host: registry, relativeurls: true}",
        "validation: {disabled: true}\npolicy: {repository: {classes: [image]}}",
    ])
    func whatChangesNothingForAMirrorIsTakenInSilence(_ lines: String) throws {
        #expect(try configuration(lines) == configuration())
    }

    @Test(arguments: [
        "redirect: {disable: true}", "cache: {blobdescriptor: redis, blobdescriptorsize: 0}",
        "cache: {layerinfo: inmemory}", "tag: {concurrencylimit: 8}",
        "maintenance: {readonly: {enabled: true}}",
    ])
    func whatOfTheStorageChangesNothingIsTakenInSilence(_ line: String) throws {
        let text =
            "version: 0.1\nstorage: {inmemory: , \(line)}\n"
            + "proxy: {remoteurl: 'https://registry.example.com'}"
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "config.yml")
        #expect(try loaded == configuration())
    }

    /// A value that suits a shape.
    static func sample(of shape: ConfigurationShape) -> String {
        switch shape {
        case .value, .anything, .names: "x"
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
            case .value, .anything, .names: break
            }
        }
        visit(.section(ConfigurationSchema.root))
    }
}
