import Testing

@testable import mirrord

/// What `mirrord check` prints.
@Suite struct EffectiveConfigurationTests {
    private func effective(
        _ text: String, environment: [String: String] = [:]
    ) throws -> String {
        try ConfigurationDocument(
            Array(text.utf8), file: "config.yml", environment: environment
        ).effective.text
    }

    private let smallest = """
        version: 0.1
        storage: filesystem
        proxy: {remoteurl: https://r.test}
        """

    /// That is: every default that is printed is the one that is used.
    @Test(arguments: ["filesystem", "inmemory", "{filesystem: {rootdirectory: /a}}"])
    func whatIsPrintedMeansTheSameAsWhatIsRead(_ storage: String) throws {
        let text = smallest.replacing("storage: filesystem", with: "storage: \(storage)")
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "a.yml")
        let printed = try effective(text)
        #expect(try LoadedConfiguration.parse(Array(printed.utf8), file: "b.yml") == loaded)
        #expect(try effective(printed).replacing("  # default", with: "") == withoutNotes(printed))
    }

    private func withoutNotes(_ text: String) -> String { text.replacing("  # default", with: "") }

    @Test func everyDefaultIsPrinted() throws {
        let printed = try effective(smallest)
        for (path, text) in ConfigurationSchema.defaults {
            let name = try #require(path.split(separator: ".").last)
            #expect(printed.contains(" \(name): \(text)  # default\n"), "\(path)")
        }
    }

    @Test func everyDefaultIsThatOfAKey() {
        func values(_ keys: [ConfigurationKey], _ path: String) -> [String] {
            keys.flatMap { key -> [String] in
                switch key.shape {
                case .section(let inner), .sectionOrName(let inner):
                    values(inner, "\(path)\(key.name).")
                default: [path + key.name]
                }
            }
        }
        let known = Set(values(ConfigurationSchema.root, ""))
        for path in ConfigurationSchema.defaults.keys { #expect(known.contains(path), "\(path)") }
    }

    @Test func secretsAreMaskedWhereverTheyComeFrom() throws {
        let text = """
            version: 0.1
            storage: inmemory
            http:
              secret: sesame
              headers: {Authorization: [sesame], Cookie: sesame, X-Auth-Token: [sesame]}
            health: {http: [{uri: 'http://a.test', headers: {X-Api-Key: [sesame]}}]}
            proxy:
              remoteurl: https://r.test
              username: tim
              password: &p sesame
              httpproxy: http://tim:sesame@proxy.test:3128
              upstreams: [{remoteurl: 'https://s.test', username: tim, password: *p}]
            """
        let environment = ["REGISTRY_PROXY_UPSTREAMS_0_PASSWORD": "sesame"]
        let printed = try effective(text, environment: environment)
        #expect(!printed.contains("sesame"))
        #expect(printed.contains("  password: '********'\n"))
        #expect(printed.contains("  httpproxy: 'http://********@proxy.test:3128'\n"))
        #expect(printed.contains("  # REGISTRY_PROXY_UPSTREAMS_0_PASSWORD\n"))
        #expect(faults(printed) == [])
    }

    @Test func noKeyThatSoundsLikeASecretIsPrinted() {
        func visit(_ keys: [ConfigurationKey]) {
            for key in keys {
                let isPath = ["key", "keyfile", "signingkeyfile", "passwordfile"].contains(key.name)
                let sounds = ["password", "secret", "key", "token"].contains {
                    key.name.contains($0)
                }
                switch key.shape {
                case .section(let inner), .sectionOrName(let inner), .list(.section(let inner)):
                    visit(inner)
                case .value where sounds && !isPath && key.name != "keyid":
                    #expect(
                        ConfigurationSchema.secrecy(of: key.name[...]) == .whole, "\(key.name)")
                default: break
                }
            }
        }
        visit(ConfigurationSchema.root)
    }

    @Test func whatIsNotInEffectIsNotPrinted() throws {
        let text = smallest + "\nredis: {addr: 'a:1'}\nhttp: {secret: x}\nlog: {fields: }"
        #expect(try effective(text) == effective(smallest))
    }

    @Test func aCommentSaysWhatTheFileDoesNotSay() throws {
        let printed = try effective(
            smallest.replacing("r.test", with: "r.test, redirects: [b.test]")
                + "\nhttp: {addr: 127.0.0.1:80, headers: {X-A: [b, 'c d']}}",
            environment: [
                "REGISTRY_LOG_LEVEL": "debug", "REGISTRY_PROXY_HOSTS_0": "a.test",
                "REGISTRY_STORAGE_FILESYSTEM": "{rootdirectory: /a}",
                "REGISTRY_PROXY_REDIRECTS_1": "c.test",
            ])
        #expect(printed.contains("  level: debug  # REGISTRY_LOG_LEVEL\n"))
        #expect(printed.contains("    rootdirectory: /a  # REGISTRY_STORAGE_FILESYSTEM\n"))
        #expect(printed.contains("  hosts: [a.test]  # REGISTRY_PROXY_HOSTS_0\n"))
        #expect(
            printed.contains("  redirects: [b.test, c.test]  # REGISTRY_PROXY_REDIRECTS_1\n"))
        #expect(printed.contains("  addr: 127.0.0.1:80\n  net: tcp  # default\n"))
        #expect(printed.contains("  headers:\n    X-A: [b, 'c d']\n"))
    }
}
