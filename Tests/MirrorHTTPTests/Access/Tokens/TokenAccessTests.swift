import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What clients may do by their tokens, and what they are told otherwise.
@Suite(.timeLimit(.minutes(10))) struct TokenAccessTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock(now: .seconds(900))
    private let seconds = SecondsUnderTest()
    private let sink = RecordingSink()
    private let app: RepositoryName
    private let signer: TestSigner
    private var settings = TokenSettings(
        realm: "https://tokens.test/token", service: "mirror", issuer: "issuer")
    private let challenge = #"Bearer realm="https://tokens.test/token",service="mirror""#
    private let scope = #",scope="repository:library/app:pull""#

    init() throws {
        folder = try TemporaryFolder()
        app = try #require(RepositoryName("library/app"))
        signer = try TestSigner.ed25519.get()
        settings.keySetFile = "\(folder.path)/keys.json"
        try put(#"{"keys":[\#(signer.jwk(#""kid":"k""#))]}"#)
    }

    private func put(_ text: String) throws {
        try TestFile.put(Array(text.utf8), at: "\(folder.path)/keys.json")
    }

    private func access() throws -> TokenAccess {
        try TokenAccess(settings, logger: Logger(sink: sink), time: clock, now: seconds.now)
    }

    private func token(
        _ access: String = #"[{"type":"repository","name":"library/app","actions":["pull"]}]"#,
        subject: String = "ann", end: Int = 1000
    ) throws -> String {
        let claims =
            #"{"iss":"issuer","aud":"mirror","sub":"\#(subject)","exp":\#(end),"#
            + #""access":\#(access)}"#
        return try "Bearer " + signer.token(claims, .edDSA, header: #""kid":"k""#)
    }

    @Test func whatTheTokenAllowsIsAllowedInItsSubjectsName() async throws {
        let access = try access()
        for subject in [PullSubject.tags, .blob(Digest(of: [])), .referrers(Digest(of: []))] {
            let decision = await access.decide(.with(try token(), for: .pull(app, subject)))
            #expect(decision.user == "ann")
        }
        #expect(await access.decide(.with(try token())).user == "ann")
        let nameless = await access.decide(.with(try token(subject: "")))
        #expect(nameless.user == nil && nameless.challenge == nil)
    }

    @Test func whoHasNoTokenIsToldWhereToGetOneAndForWhat() async throws {
        let access = try access()
        for header in [nil, "Basic YW5uOnNlc2FtZQ==", "Negotiate x", "Bearer", "Bearer "] {
            #expect(
                await access.decide(.with(header, for: .pull(app, .tags))).challenge
                    == challenge + scope)
            #expect(await access.decide(.with(header)).challenge == challenge)
            #expect(
                await access.decide(.with(header, for: .catalog)).challenge
                    == challenge + #",scope="registry:catalog:*""#)
        }
    }

    @Test func aTokenThatIsNotGoodIsToldSo() async throws {
        let access = try access()
        for header in ["Bearer x", try token(end: 100), try token() + "A"] {
            let decision = await access.decide(.with(header, for: .pull(app, .tags)))
            #expect(decision.challenge == challenge + scope + #",error="invalid_token""#)
            #expect(decision.reason?.isEmpty == false)
        }
    }

    @Test func aTokenForSomethingElseIsToldSo() async throws {
        let access = try access()
        let other = try token(#"[{"type":"repository","name":"library/other","actions":["pull"]}]"#)
        #expect(
            await access.decide(.with(other, for: .pull(app, .tags))).challenge
                == challenge + scope + #",error="insufficient_scope""#)
        #expect(await access.decide(.with(other)).user == "ann")
        #expect(await access.decide(.with(try token(), for: .catalog)).user == nil)
        let all = try token(#"[{"type":"registry","name":"catalog","actions":["*"]}]"#)
        #expect(await access.decide(.with(all, for: .catalog)).user == "ann")
    }

    @Test func theNameThatTheClientHasForARepositoryIsTheScopes() async throws {
        let access = try access()
        let token = try token(#"[{"type":"repository","name":"app","actions":["pull"]}]"#)
        var request = AccessRequest.with(token, for: .pull(app, .tags))
        #expect(await access.decide(request).user == nil)
        request.calledName = RepositoryName("app")
        #expect(await access.decide(request).user == "ann")
    }

    @Test func aTokenThatIsRememberedEndsAllTheSame() async throws {
        let access = try access()
        let token = try token()
        #expect(await access.decide(.with(token)).user == "ann")
        clock.advance(by: .seconds(160))
        #expect(await access.decide(.with(token)).user == "ann")
        clock.advance(by: .seconds(1))
        #expect(await access.decide(.with(token)).challenge?.contains("invalid_token") == true)
    }

    @Test func aKeyThatIsTakenAwayOpensNothingAnyMore() async throws {
        let access = try access()
        let token = try token(end: 100_000)
        #expect(await access.decide(.with(token)).user == "ann")
        try put(#"{"keys":[\#(try TestSigner.p256.get().jwk(#""kid":"k""#))]}"#)
        clock.advance(by: .seconds(1))
        #expect(await access.decide(.with(token)).user == nil)
        try put("{}")
        await #expect(throws: ReloadError.self) { try await access.reload() }
        try put(#"{"keys":[\#(signer.jwk(#""kid":"k""#))]}"#)
        try await access.reload()
        #expect(await access.decide(.with(token)).user == "ann")
    }

    @Test func manyAtOnceAreAllLetIn() async throws {
        let access = try access()
        let token = try token()
        await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { await access.decide(.with(token)).user } }
            for await user in group { #expect(user == "ann") }
        }
    }

    @Test(arguments: [
        (nil, "m.test:5000", "https://m.test:5000/auth/token"),
        ("http", "m.test", "http://m.test/auth/token"),
        ("https", "m.test", "https://m.test/auth/token"),
        ("javascript", "m.test", "https://m.test/auth/token"),
        (nil, nil, "https://tokens.test/token"),
    ])
    func clientsAreSentToTheHostThatTheyAskWhereThatIsSet(
        _ scheme: String?, _ host: String?, _ realm: String
    ) async throws {
        var settings = settings
        settings.redirectPath = "/auth/token"
        let access = try TokenAccess(settings, time: clock, now: seconds.now)
        var request = AccessRequest.with(nil)
        if let host { request.request.head.fields.append(.host, host) }
        if let scheme { request.request.head.fields.append(.xForwardedProto, scheme) }
        let expected = #"Bearer realm="\#(realm)",service="mirror""#
        #expect(await access.decide(request).challenge == expected)
    }

    @Test(arguments: [
        ("{}", "no JSON Web Key Set"), (#"{"keys":[]}"#, "no key"),
        (#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "no key"), ("sesame", "no JSON Web Key Set"),
    ])
    func withoutAKeyNothingStarts(_ keys: String, _ word: String) throws {
        try put(keys)
        let error = #expect(throws: StartError.self) { try TokenAccess(settings) }
        #expect(error?.description.contains(word) == true)
        #expect(error?.description.contains("sesame") == false)
    }

    @Test func certificatesThatCannotBeReadAreAnErrorThatNamesTheFile() throws {
        var settings = settings
        settings.keySetFile = nil
        let path = "\(folder.path)/root.pem"
        settings.certificateFile = path
        for (text, word) in [
            (nil, "No such file"), ("", "no certificate"), ("x", "no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "damaged"),
        ] {
            if let text { try TestFile.put(Array(text.utf8), at: path) }
            let error = #expect(throws: StartError.self) { try TokenAccess(settings) }
            #expect(error?.description.contains(path) == true)
            #expect(error?.description.contains(word) == true)
        }
        let root = try TestCertificate(name: "root")
        try TestFile.put(try root.certificateText(), at: path)
        #expect(throws: Never.self) { try TokenAccess(settings) }
    }
}
