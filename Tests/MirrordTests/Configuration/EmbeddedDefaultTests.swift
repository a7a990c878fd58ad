import MirrorCore
import Testing

@testable import mirrord

@Suite struct EmbeddedDefaultTests {
    private func configuration(
        _ environment: [String: String] = [:], isWritable: Bool = false
    ) throws -> Configuration {
        let text = EmbeddedDefault.text(
            environment: environment, isWritableDirectory: { _ in isWritable })
        let loaded = try LoadedConfiguration.parse(
            Array(text.utf8), file: EmbeddedDefault.name, environment: environment)
        #expect(loaded.warnings.isEmpty)
        return loaded.configuration
    }

    @Test func itMirrorsHubForThisMachine() throws {
        let configuration = try configuration(isWritable: true)
        #expect(configuration.proxy.remoteURL?.description == "https://registry-1.docker.io")
        #expect(configuration.http.address == .tcp(host: "127.0.0.1", port: 5000))
        #expect(configuration.storage.isDeletionEnabled)
        #expect(
            configuration.storage.driver
                == .fileSystem(.init(rootDirectory: "/var/lib/registry")))
    }

    @Test(arguments: [
        (["XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c/mirrord"),
        (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/mirrord"),
        (["HOME": "/h: #1'\n"], "/h: #1'\n/.cache/mirrord"), ([:], "/var/lib/registry"),
    ])
    func itFallsBackToTheUsersCache(
        _ environment: [String: String], _ directory: String
    ) throws {
        #expect(
            try configuration(environment).storage.driver
                == .fileSystem(.init(rootDirectory: directory)))
    }

    @Test func variablesAloneMakeAMirror() throws {
        let configuration = try configuration([
            "REGISTRY_PROXY_REMOTEURL": "https://ghcr.io", "REGISTRY_HTTP_ADDR": ":5000",
            "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": "/data",
            "REGISTRY_PROXY_USERNAME": "tim", "REGISTRY_PROXY_PASSWORD": "0123",
        ])
        #expect(configuration.proxy.remoteURL?.host == "ghcr.io")
        #expect(
            configuration.proxy.credentials == .password(username: "tim", Secret("0123")))
        #expect(configuration.http.address == .tcp(host: nil, port: 5000))
        #expect(configuration.storage.driver == .fileSystem(.init(rootDirectory: "/data")))
        #expect(configuration.storage.isDeletionEnabled)
    }
}

@Suite struct ConfigurationPlaceTests {
    private static let variable = ["REGISTRY_CONFIGURATION_PATH": "/b.yml"]

    @Test func theCommandLineGoesBeforeTheVariableAndThatBeforeTheUsualFiles() {
        let everything = { (_: String) in true }
        #expect(
            ConfigurationPlace(named: "a.yml", environment: Self.variable, exists: everything)
                == .file("a.yml"))
        #expect(
            ConfigurationPlace(named: nil, environment: Self.variable, exists: everything)
                == .file("/b.yml"))
        #expect(
            ConfigurationPlace(named: nil, environment: [:], exists: everything)
                == .file("/etc/docker/registry/config.yml"))
        #expect(
            ConfigurationPlace(
                named: nil, environment: ["REGISTRY_CONFIGURATION_PATH": ""],
                exists: { $0 == "/etc/distribution/config.yml" })
                == .file("/etc/distribution/config.yml"))
        #expect(
            ConfigurationPlace(named: nil, environment: [:], exists: { _ in false }) == .embedded)
    }
}
