import MirrorCore
import Testing

@testable import mirrord

/// `REGISTRY_…` variables over a file.
@Suite struct ConfigurationOverlayTests {
    /// What the nodes of a file become, in the form of ``rendered(_:)``.
    private func overlaid(_ yaml: String, _ environment: [String: String]) throws -> String {
        let document = try ConfigurationDocument(
            Array(yaml.utf8), file: "c.yml", environment: environment)
        return YAMLText.line(try #require(document.documents.first))
    }

    @Test(arguments: [
        ("a: 1", "REGISTRY_HTTP_ADDR", ":80", "{a: 1, http: {addr: :80}}"),
        ("http: {addr: x, net: tcp}", "REGISTRY_HTTP_ADDR", ":80", "{http: {addr: :80, net: tcp}}"),
        ("http:", "REGISTRY_HTTP_TLS_KEY", "/k", "{http: {tls: {key: /k}}}"),
        ("a: 1", "REGISTRY_HTTP_HEADERS", "{X: [y]}", "{a: 1, http: {headers: {X: [y]}}}"),
        ("proxy: {ttl: 1h}", "REGISTRY_PROXY", "{remoteurl: u}", "{proxy: {remoteurl: u}}"),
        ("http: {addr: x}", "REGISTRY_HTTP_ADDR", "", "{http: {addr: null}}"),
        ("log: {level: info}", "REGISTRY_LOG", "{fields: {a: 1}}", "{log: {fields: {a: 1}}}"),
        ("a: 1", "REGISTRY_LOG_FIELDS_SERVICE", "x", "{a: 1, log: {fields: {service: x}}}"),
        (
            "log: {fields: {Service: a, b: c}}", "REGISTRY_LOG_FIELDS_SERVICE", "x",
            "{log: {fields: {Service: x, b: c}}}"
        ),
        (
            "storage: {filesystem: {rootdirectory: /a}, delete: {enabled: true}}",
            "REGISTRY_STORAGE", "inmemory", "{storage: inmemory}"
        ),
        (
            "storage: filesystem", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/a",
            "{storage: {filesystem: {rootdirectory: /a}}}"
        ),
        (
            "storage: {inmemory: }", "REGISTRY_STORAGE_DELETE_ENABLED", "true",
            "{storage: {inmemory: null, delete: {enabled: true}}}"
        ),
        (
            "a: 1", "REGISTRY_HEALTH_FILECHECKERS_0_FILE", "/f",
            "{a: 1, health: {file: [{file: /f}]}}"
        ),
        (
            "health: {file: [{file: /a}]}", "REGISTRY_HEALTH_FILE_0_INTERVAL", "1s",
            "{health: {file: [{file: /a, interval: 1s}]}}"
        ),
        (
            "proxy: {upstreams: [{remoteurl: a}]}", "REGISTRY_PROXY_UPSTREAMS_1_REMOTEURL", "b",
            "{proxy: {upstreams: [{remoteurl: a}, {remoteurl: b}]}}"
        ),
        (
            "middleware: {storage: [{options: {a: [b]}}]}",
            "REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_A_1", "c",
            "{middleware: {storage: [{options: {a: [b, c]}}]}}"
        ),
        (
            "a: 1", "REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_BASEURL", "u",
            "{a: 1, middleware: {storage: [{options: {baseurl: u}}]}}"
        ),
    ])
    func aVariableReplacesWhereItsNameLeads(
        _ file: String, _ name: String, _ value: String, _ result: String
    ) throws {
        #expect(try overlaid(file, [name: value]) == result)
    }

    @Test func sectionsComeBeforeWhatLiesInThemAndListsInTheirOrder() throws {
        var environment = [
            "REGISTRY_AUTH": "token", "REGISTRY_AUTH_TOKEN_REALM": "r",
            "REGISTRY_STORAGE": "inmemory", "REGISTRY_STORAGE_DELETE_ENABLED": "true",
        ]
        for index in 0..<12 {
            environment["REGISTRY_AUTH_TOKEN_SIGNINGALGORITHMS_\(index)"] = "A\(index)"
        }
        let list = (0..<12).map { "A\($0)" }.joined(separator: ", ")
        #expect(
            try overlaid("storage: {filesystem: }", environment) == """
                {storage: {inmemory: null, delete: {enabled: true}}, \
                auth: {token: {realm: r, signingalgorithms: [\(list)]}}}
                """)
    }

    @Test(arguments: [
        (
            "REGISTRY_PROXY_REMOTURL",
            "no key is called so, and it is left aside: "
                + "did you mean REGISTRY_PROXY_REMOTEURL?"
        ),
        (
            "REGISTRY_PRXY_TTL",
            "no key is called so, and it is left aside: did you mean REGISTRY_PROXY_TTL?"
        ),
        ("REGISTRY_", "no key is called so, and it is left aside"),
        ("REGISTRY_HTTP_ADDR_X", "no key is called so, and it is left aside"),
        ("REGISTRY_HTTP__ADDR", "no key is called so, and it is left aside"),
        ("REGISTRY_PROXY_HOSTS_FIRST", "no key is called so, and it is left aside"),
        ("REGISTRY_PROXY_HOSTS_-1", "no key is called so, and it is left aside"),
        ("REGISTRY_VERSION", "the file says its version, so this is left aside"),
    ])
    func whatNamesNoKeyIsWarnedOfAndLeftAside(_ name: String, _ warning: String) throws {
        let loaded = try configuration(environment: [name: "sesame"])
        #expect(loaded.warnings.map(\.description) == ["\(name): \(warning)"])
        #expect(loaded.configuration == (try configuration().configuration))
    }

    @Test(arguments: [
        "REGISTRY_SERVICE_HOST", "REGISTRY_SERVICE_PORT", "REGISTRY_SERVICE_PORT_HTTP",
        "REGISTRY_PORT", "REGISTRY_PORT_5000_TCP", "REGISTRY_PORT_5000_TCP_PORT",
        "REGISTRY_CACHE_PORT_5000_TCP_ADDR", "REGISTRY_CACHE_SERVICE_HOST",
        "REGISTRY_CONFIGURATION_PATH", "REGISTRYX_HTTP_ADDR", "HOME",
    ])
    func whatIsMeantForOthersIsLeftAsideInSilence(_ name: String) throws {
        #expect(try configuration(environment: [name: "x"]) == configuration())
    }

    @Test(arguments: [
        (
            ["REGISTRY_HTTP_ADDR": "5000"],
            [
                "REGISTRY_HTTP_ADDR: http.addr must be host:port, :port or [address]:port, "
                    + "with a port up to 65535"
            ]
        ),
        (
            ["REGISTRY_PROXY_UPSTREAMS_3_REMOTEURL": "x"],
            [
                "REGISTRY_PROXY_UPSTREAMS_3_REMOTEURL: "
                    + "the entry that may be set next has the number 0"
            ]
        ),
        (
            ["REGISTRY_PROXY_PASSWORD": "#sesame"],
            ["REGISTRY_PROXY_PASSWORD: all of the value is a comment: put it in quotes, '#…'"]
        ),
        (
            ["REGISTRY_PROXY_PASSWORD": "#\u{301}sesame"],
            ["REGISTRY_PROXY_PASSWORD: all of the value is a comment: put it in quotes, '#…'"]
        ),
        (
            ["REGISTRY_PROXY_PASSWORD": "@sesame"],
            ["REGISTRY_PROXY_PASSWORD: no value can begin with @: put it in quotes"]
        ),
        (
            ["REGISTRY_PROXY": "{remoteurl: 'https://r.test', tll: 1h}"],
            [#"REGISTRY_PROXY: there is no key "tll" in proxy: did you mean ttl?"#]
        ),
        (
            ["REGISTRY_HTTP": "x", "REGISTRY_PROXY_TTL": "7d"],
            [
                "REGISTRY_HTTP: http must be a mapping, key: value, not this text",
                "REGISTRY_PROXY_TTL: proxy.ttl must be a duration such as 168h, 1m30s or 100ms "
                    + "(there are no days: 7d is 168h), not this text",
            ]
        ),
    ])
    func aFaultOfAVariableNamesIt(_ environment: [String: String], _ expected: [String]) {
        let file = "version: 0.1\nstorage: inmemory\nproxy: {remoteurl: 'https://r.test'}"
        #expect(faults(file, environment: environment) == expected)
    }

    @Test func faultsOfTheFileComeFirstAndCountEvenWhereAVariableWouldGoInto() {
        let file = "version: 0.1\nstorage: inmemory\nproxy: x\nlog: {level: loud}"
        #expect(
            faults(
                file,
                environment: [
                    "REGISTRY_PROXY_REMOTEURL": "https://r.test", "REGISTRY_HTTP_NET": "udp",
                ]) == [
                    "3:8: proxy must be a mapping, key: value, not this text",
                    "4:14: log.level must be one of error, warn, warning, info, debug",
                    "REGISTRY_HTTP_NET: http.net must be one of tcp, unix",
                ])
    }

    @Test func aVariableMendsWhatTheFileSaysWrongly() throws {
        let loaded = try configuration(
            "log: {level: loud}\nredis: {addr: a}",
            environment: ["REGISTRY_LOG_LEVEL": "debug", "REGISTRY_REDIS_ADDR": "b"])
        #expect(loaded.configuration.log.level == .debug)
        #expect(
            loaded.warnings.map(\.description) == [
                "config.yml:5:1: redis is not supported yet: no Redis is used"
            ])
    }

    @Test func variablesMakeNoConfigurationOfAnEmptyFile() {
        #expect(
            faults("# nothing", environment: ["REGISTRY_PROXY_REMOTEURL": "https://r.test"]) == [
                "1:1: there is no configuration in this file: begin with version: 0.1"
            ])
    }

    @Test func everyKeyThatHasASingleValueCanBeSet() throws {
        func visit(_ keys: [ConfigurationKey], _ name: String) throws {
            for key in keys where key.name != "version" {
                let name = "\(name)_\(key.name.uppercased())"
                switch key.shape {
                case .section(let inner), .sectionOrName(let inner),
                    .list(.section(let inner)):
                    var isList = false
                    if case .list = key.shape { isList = true }
                    try visit(inner, isList ? name + "_0" : name)
                case .value where !key.name.contains("_"):
                    #expect(try overlaid("a: 1", [name: "sesame"]).contains("sesame"), "\(name)")
                default: break
                }
            }
        }
        try visit(ConfigurationSchema.root, "REGISTRY")
    }
}
