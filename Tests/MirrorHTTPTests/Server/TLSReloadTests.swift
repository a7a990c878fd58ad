import MirrorCore
import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Certificates that are replaced while a server runs.
@Suite(.timeLimit(.minutes(10))) struct TLSReloadTests {
    private let clock = ManualClock(now: .now)
    private let second = Result { try TestCertificate(name: "second") }

    private func shown(by server: TLSServerUnderTest) async throws -> String? {
        try await server.connect().serverCertificateName
    }

    @Test func aNewPairIsShownToTheNextClient() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        let old = try await server.connect()
        try second.get().write(to: server.folder)
        #expect(try await shown(by: server) == "first", "files are looked at once a second")
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "second")
        #expect(try await old.ask("GET /").status == 200)
        #expect(old.serverCertificateName == "first")
        let record = await server.log.record("the certificate has changed and was read anew")
        #expect(record.level == .info)
    }

    @Test func aCertificateWithoutItsKeyLeavesTheOneBefore() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        let certificate = "\(server.folder.path)/server.pem"
        try TestFile.put(try second.get().certificateText(), at: certificate)
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "first")
        let record = await server.log.record("cannot be read anew; the one before stays in use")
        #expect(record.level == .error)
        #expect(record.error.contains("server.key as the key of \(certificate)"))
        #expect(record.error.contains("key values mismatch"))

        // It is not complained of again, and the key that follows makes it good.
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "first")
        #expect(server.log.records.count { $0.level == .error } == 1)
        try TestFile.put(try second.get().keyText(), at: "\(server.folder.path)/server.key")
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "second")
    }

    @Test(arguments: ["server.pem", "server.key"])
    func aFileThatIsGoneLeavesTheOneBefore(_ name: String) async throws {
        let server = try await TLSServerUnderTest(time: clock)
        try FileNames.unlink("\(server.folder.path)/\(name)")
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "first")
        let record = await server.log.record("cannot be read anew")
        #expect(record.error.contains("\(name)"))
        #expect(record.error.hasSuffix("No such file or directory"))
    }

    @Test func aFileThatIsWrittenAnewInItsPlaceIsSeen() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        for (name, text) in [
            ("server.key", try second.get().keyText()),
            ("server.pem", try second.get().certificateText()),
        ] {
            let file = try SharedFile.open("\(server.folder.path)/\(name)", for: .updating)
            try file.write(text, at: 0)
            try file.truncate(to: Int64(text.count))
        }
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "second")
    }

    @Test func aClockThatIsSetBackDoesNotKeepTheOldOne() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        try second.get().write(to: server.folder)
        clock.advance(by: .seconds(-1800))
        #expect(try await shown(by: server) == "second")
    }

    @Test func sessionsOfTheOldPairAreNotResumed() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        let old = try await server.connect()
        _ = try await old.ask("GET /")
        try second.get().write(to: server.folder)
        clock.advance(by: .seconds(1))
        let new = try await server.connect(.init(session: try old.resumption()))
        #expect(!new.isResumed)
        #expect(try await new.ask("GET /").status == 200)
    }

    @Test func sessionsAreNotResumedByKeysOlderThanADay() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        let old = try await server.connect()
        _ = try await old.ask("GET /")
        clock.advance(by: .seconds(24 * 3600 - 1))
        #expect(try await server.connect(.init(session: try old.resumption())).isResumed)
        clock.advance(by: .seconds(1))
        #expect(try await !server.connect(.init(session: try old.resumption())).isResumed)
        #expect(server.log.records.isEmpty, "nothing has changed")
    }

    // MARK: When it is told to

    @Test func aReloadDoesNotWaitForASecond() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        try second.get().write(to: server.folder)
        try await server.tls.reload()
        #expect(try await shown(by: server) == "second")
        clock.advance(by: .seconds(1))
        #expect(try await shown(by: server) == "second")
        #expect(server.log.records.isEmpty, "what was read is not read again")
    }

    @Test func aReloadThatFailsSaysWhyAndChangesNothing() async throws {
        let server = try await TLSServerUnderTest(time: clock)
        try TestFile.put(Array("nonsense".utf8), at: "\(server.folder.path)/server.pem")
        let error = await #expect(throws: ReloadError.self) { try await server.tls.reload() }
        #expect(error?.description.contains("server.pem: ") == true)
        #expect(try await shown(by: server) == "first")
    }

    // MARK: Validity

    @Test func aCertificateThatEndsSoonIsToldOfOnce() async throws {
        let short = try TestCertificate(name: "short", secondsSinceStart: 0, secondsToEnd: 3000)
        let server = try await TLSServerUnderTest(time: clock, certificate: short)
        #expect(server.log.records.isEmpty)
        clock.advance(by: .seconds(2500))
        for _ in 0..<3 {
            _ = try await shown(by: server)
            clock.advance(by: .seconds(2))
        }
        let warnings = server.log.records.filter { $0.level == .warning }
        #expect(warnings.count == 1)
        #expect(warnings.first?.message.contains("only: renew it") == true)
        clock.advance(by: .seconds(1000))
        _ = try await shown(by: server)
        let record = await server.log.record("the certificate has been invalid since")
        #expect(record.level == .warning)
    }

    @Test func anExpiredCertificateIsToldOfAtTheStart() async throws {
        let expired = try TestCertificate(name: "expired", secondsToEnd: -60)
        let server = try await TLSServerUnderTest(certificate: expired)
        #expect(server.log.records.map(\.level) == [.warning])
    }

    @Test func filesThatCannotBeUsedAreNamedAtTheStart() throws {
        let folder = try TemporaryFolder()
        let identity = try TestCertificate(name: "server").write(to: folder)
        var settings = TLSServerSettings(identity: identity)
        settings.clientRootFiles = ["\(folder.path)/absent.pem"]
        settings.clientCertificate = .verified
        let error = #expect(throws: StartError.self) { try TLSServer(settings) }
        #expect(
            error?.description == "TLS cannot be offered: cannot read certificates from "
                + "\(folder.path)/absent.pem: No such file or directory")
    }
}
