import Testing

@testable import mirrord

@Suite struct ConfigurationFaultTests {
    @Test func allFaultsAreReportedInTheOrderOfTheFile() {
        let text = """
            version: 0.2
            log: {level: loud, formater: text}
            storage:
              delete: {enabled: 'true'}
            http:
              addr: 5000
            proxy:
              password: secret
              ttl: 7d
            """
        #expect(
            faults(text) == [
                "1:10: version must be 0.1, the only one there is",
                "2:14: log.level must be one of error, warn, warning, info, debug",
                #"2:20: there is no key "formater" in log: did you mean formatter?"#,
                "4:3: storage names no driver: add filesystem or inmemory",
                "4:21: storage.delete.enabled must be true or false, not a text in quotes",
                "6:9: http.addr must be host:port, :port or [address]:port, "
                    + "with a port up to 65535",
                "7:1: proxy.remoteurl is missing: mirrord is a mirror and must know of what, "
                    + "for example https://registry-1.docker.io "
                    + "(a private registry is not available yet)",
                "8:3: proxy.password stands without proxy.username: add it, or remove the other",
                "9:8: proxy.ttl must be a duration such as 168h, 1m30s or 100ms "
                    + "(there are no days: 7d is 168h), not this text",
            ])
    }

    /// Lines behind the three of the smallest file, and the fault in them.
    @Test(arguments: [
        ("prxy: {}", #"4:1: there is no key "prxy": did you mean proxy?"#),
        ("http: {ADDR: x}", #"4:8: there is no key "ADDR" in http: did you mean addr?"#),
        ("http: {address: x}", #"4:8: there is no key "address" in http: did you mean addr?"#),
        ("remoteurl: x", #"4:1: there is no key "remoteurl": it belongs under proxy"#),
        (
            "log: {accesslog: {maxfiles: 1}}",
            #"4:19: there is no key "maxfiles" in log.accesslog: there are disabled"#
        ),
        (
            "health: {storagedriver: {enable: true}}",
            #"4:26: there is no key "enable" in health.storagedriver: did you mean enabled?"#
        ),
        (
            "notifications: {endpoints: [{name: a, uri: b}]}",
            #"4:39: there is no key "uri" in notifications.endpoints: did you mean url?"#
        ),
        ("log: debug", "4:6: log must be a mapping, key: value, not this text"),
        ("log: [a]", "4:6: log must be a mapping, key: value, not a list"),
        ("log: {level: [a]}", "4:14: log.level must be a single value, not a list"),
        ("log: {fields: [a]}", "4:15: log.fields must be a mapping, key: value, not a list"),
        ("log: {[a]: b}", "4:7: a key must be a text, this is a list"),
        ("log: {formatter: xml}", "4:18: log.formatter must be one of text, json, logstash"),
        (
            "log: {accesslog: {disabled: maybe}}",
            "4:29: log.accesslog.disabled must be true or false, not this text"
        ),
        ("http: {net: udp}", "4:13: http.net must be one of tcp, unix"),
        (
            "http: {net: unix}",
            "4:8: http.addr is missing: with net: unix it is the path of the socket"
        ),
        (
            "http: {addr: 'localhost:70000'}",
            "4:14: http.addr must be host:port, :port or [address]:port, with a port up to 65535"
        ),
        ("http: {prefix: cache/}", "4:16: http.prefix must be a path such as /registry/"),
        (
            "http: {draintimeout: soon}",
            "4:22: http.draintimeout must be a duration such as 168h, 1m30s or 100ms, not this text"
        ),
        ("http: {draintimeout: -1s}", "4:22: http.draintimeout cannot be negative"),
        (
            "http: {headers: {'a b': c}}",
            #"4:18: "a b" cannot be the name of a header field"#
        ),
        (
            #"http: {headers: {a: "b\r\nc"}}"#,
            "4:21: http.headers.a holds a line break or another control character"
        ),
        (
            "http: {headers: {a: {b: c}}}",
            "4:21: http.headers.a must be a list of texts, not a mapping"
        ),
        (
            "version: 0.1",
            #"4:1: the key "version" stands already on line 1: remove one of the two"#
        ),
        ("log: {level: info", "4:6: the bracket that opens here is never closed"),
    ])
    func aFaultIsNamedWithItsPlace(_ lines: String, _ expected: String) {
        #expect(faults(behind: lines) == [expected])
    }

    /// What stands behind `storage:`, and the fault in it.
    @Test(arguments: [
        ("", "2:1: storage is missing: name filesystem or inmemory under it"),
        ("{}", "2:10: storage names no driver: add filesystem or inmemory"),
        ("delete", "2:10: storage names no driver: add filesystem or inmemory"),
        ("[filesystem]", "2:10: storage must be a mapping, key: value, not a list"),
        (
            "{inmemory: , filesystem: }",
            "2:10: storage takes one driver, not filesystem and inmemory: keep one"
        ),
        (
            "{s3: {bucket: b, region: r}}",
            "2:11: storage.s3 is not available: the storage drivers are filesystem and inmemory"
        ),
        (
            "{azure: , delete: {enabled: true}}",
            "2:11: storage.azure is not available: the storage drivers are filesystem and inmemory"
        ),
        (
            "gcs",
            "2:10: storage.gcs is not available: the storage drivers are filesystem and inmemory"
        ),
        (
            "{filesystem: {rootdirectory: data}}",
            "2:39: storage.filesystem.rootdirectory must be a path that begins with /"
        ),
        (
            "{filesystem: {rootdir: /data}}",
            #"2:24: there is no key "rootdir" in storage.filesystem: did you mean rootdirectory?"#
        ),
        (
            "{filesystem: {maxthreads: many}}",
            "2:36: storage.filesystem.maxthreads must be a whole number from 0 to 65535, "
                + "not this text"
        ),
        (
            "{inmemory: , maintenance: {uploadpurging: {age: 0s}}}",
            "2:58: storage.maintenance.uploadpurging.age must be more than nothing"
        ),
        (
            "{inmemory: {size: 1}}",
            #"2:22: there is no key "size" in storage.inmemory: it takes none"#
        ),
        (
            "{filesystm: {}}",
            #"2:11: there is no key "filesystm" in storage: did you mean filesystem?"#
        ),
    ])
    func aFaultOfTheStorageIsNamed(_ storage: String, _ expected: String) {
        let text = "version: 0.1\nstorage: \(storage)\nproxy: {remoteurl: 'https://r.test'}"
        #expect(faults(text).contains(expected))
    }

    /// What stands within the braces of `proxy:`, and the fault in it.
    @Test(arguments: [
        ("remoteurl: registry-1.docker.io", "write the scheme too: https://registry-1.docker.io"),
        ("remoteurl: 'ftp://r.test'", "the scheme must be https or http"),
        ("remoteurl: 'https://'", "the host is missing"),
        ("remoteurl: 'https:///v2'", "the host is missing"),
        ("remoteurl: 'https://r.test:0'", "the port must be a number from 1 to 65535"),
        ("remoteurl: 'https://r.test:x'", "the port must be a number from 1 to 65535"),
        ("remoteurl: 'https://r test'", "the host may hold letters, digits, dots and hyphens only"),
        ("remoteurl: 'https://r.test?a=b'", "leave out all from the ?, # or space on"),
        ("remoteurl: 'https://r.test/v2/'", "leave out the /v2 at its end"),
        ("remoteurl: 'https://docker.io'", "Docker Hub's registry is https://registry-1.docker.io"),
        (
            "remoteurl: 'https://tim:sesame@r.test'",
            "write the user under username and password, not in the URL"
        ),
        (
            "remoteurl: 'tim:sesame@r.test'",
            "write the user under username and password, not in the URL"
        ),
    ])
    func whatIsNotARegistryIsRefusedWithAdvice(_ proxy: String, _ advice: String) {
        let text = "version: 0.1\nstorage: inmemory\nproxy: {\(proxy)}"
        #expect(faults(text) == ["3:20: proxy.remoteurl is not a registry: \(advice)"])
    }

    @Test func nameAndPasswordBelongTogether() {
        let start = "version: 0.1\nstorage: inmemory\nproxy:\n  remoteurl: https://r.test\n"
        #expect(
            faults(start + "  password: x") == [
                "5:3: proxy.password stands without proxy.username: add it, or remove the other"
            ])
        #expect(
            faults(start + "  username: x") == [
                "5:3: proxy.username stands without proxy.password: add it, or remove the other"
            ])
        #expect(
            faults(start + "  username: x\n  password: [y]") == [
                "6:13: proxy.password must be a single value, not a list"
            ])
    }

    @Test(arguments: [
        ("", "1:1: there is no configuration in this file: begin with version: 0.1"),
        ("# nothing", "1:1: there is no configuration in this file: begin with version: 0.1"),
        ("---\n...", "1:4: there is no configuration in this file: begin with version: 0.1"),
        ("- a", "1:1: the file must be a mapping, key: value, not a list"),
        ("registry", "1:1: the file must be a mapping, key: value, not this text"),
        ("a: b: c", "1:5: a second colon on one line"),
    ])
    func aFileThatHoldsNoConfigurationSaysSo(_ text: String, _ expected: String) {
        #expect(faults(text).first?.hasPrefix(expected) == true)
        #expect(faults(text).count == 1)
    }

    @Test func aProxySectionNamesWhatIsMirrored() {
        let found = faults("version: 0.1\nstorage: inmemory\nproxy: {ttl: 1h}")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("3:1: proxy.remoteurl is missing: mirrord is a mirror") == true)
        #expect(
            faults("storage: inmemory\nproxy: {remoteurl: 'https://r.test'}") == [
                "1:1: version is missing: write version: 0.1"
            ])
    }

    @Test func aFaultIsOneLineWhateverTheKeyIsCalled() {
        #expect(
            faults(behind: #"log: {accesslog: {"a\nb\v\u2028\u202e\e[31m": 1}}"#) == [
                #"4:19: there is no key "a\nb\u{0B}\u{2028}\u{202E}\u{1B}[31m" in log.accesslog: "#
                    + "there are disabled"
            ])
    }

    @Test func noFaultRepeatsASecret() {
        for text in [
            "proxy: {password: [sesame]}", "proxy: {password: !sesame x}",
            "proxy: {password: *sesame}", "proxy: {password: \"sesame}", "proxy: {ttl: sesame}",
            "proxy: {remoteurl: 'https://a:sesame@r.test'}", "proxy: {username: {sesame: a}}",
            "proxy: {password: @sesame}", "proxy: {password: 'a'sesame}",
        ] {
            let found = faults(text).joined()
            #expect(!found.isEmpty)
            #expect(!found.contains("sesame"))
        }
    }
}
