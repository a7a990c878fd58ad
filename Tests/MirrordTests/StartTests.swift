import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@testable import mirrord

/// What an operator reads when mirrord does not start.
@Suite struct StartTests {
    private func start(
        _ storage: Configuration.Storage.Driver, at address: ListenAddress
    ) async throws -> Assembly {
        let loaded = LoadedConfiguration(
            configuration: Configuration(
                log: .init(level: .error),
                storage: .init(driver: storage), http: .init(address: address),
                proxy: .init(remoteURL: BaseURL(scheme: .http, host: "127.0.0.1", port: 1))),
            warnings: [])
        return try await Assembly(loaded) { loaded }
    }

    private let anyPort = ListenAddress.tcp(host: "127.0.0.1", port: 0)

    @Test func aDirectoryThatCannotBeUsedIsNamed() async throws {
        let root = "/proc/version/storage"
        let error = await #expect(throws: StartError.self) {
            _ = try await start(.fileSystem(.init(rootDirectory: root)), at: anyPort)
        }
        #expect(
            error?.description
                == "the storage directory \(root) cannot be used: mkdir: Not a directory")
    }

    @Test func anAddressInUseIsNamed() async throws {
        let upstream = try ScriptedUpstream()
        let taken = ListenAddress.tcp(host: "127.0.0.1", port: upstream.port)
        let error = await #expect(throws: StartError.self) {
            _ = try await start(.inMemory, at: taken)
        }
        #expect(
            error?.description == "cannot listen at \(taken): bind: Address already in use")
        upstream.stop()
    }

    @Test func aNameWithoutAnAddressIsNamed() async throws {
        // Longer than a label of a name may be, so that nobody is asked.
        let name = String(repeating: "x", count: 64)
        let error = await #expect(throws: StartError.self) {
            _ = try await start(.inMemory, at: .tcp(host: name, port: 5000))
        }
        #expect(error?.description.hasPrefix("cannot listen at \(name):5000: ") == true)
    }
}
