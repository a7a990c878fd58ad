import Testing

@testable import MirrorHTTP

@Suite struct ChallengeTests {
    @Test func aBearerChallengeIsRead() {
        let field = """
            Bearer realm="https://auth.docker.io/token",service="registry.docker.io",\
            scope="repository:library/busybox:pull,push"
            """
        #expect(
            Challenge.list([field]) == [
                Challenge(
                    scheme: "bearer",
                    parameters: [
                        "realm": "https://auth.docker.io/token", "service": "registry.docker.io",
                        "scope": "repository:library/busybox:pull,push",
                    ])
            ])
    }

    /// A field, and what its challenges come to: scheme, then token68 or sorted parameters.
    static let fields: [(String, [String])] = [
        ("", []),
        (" , ,", []),
        ("Basic", ["basic"]),
        ("Basic realm=\"a, b\"", ["basic realm=a, b"]),
        ("basic REALM = token", ["basic realm=token"]),
        ("Negotiate, Basic realm=\"x\"", ["negotiate", "basic realm=x"]),
        (
            "Negotiate abc==, Bearer realm=\"r\", scope=\"s\"",
            [
                "negotiate [abc==]", "bearer realm=r scope=s",
            ]
        ),
        (
            "Basic realm=\"x\", Bearer realm=\"y\",service=z",
            [
                "basic realm=x", "bearer realm=y service=z",
            ]
        ),
        (#"Bearer realm="a\"b\\c""#, [#"bearer realm=a"b\c"#]),
        ("Bearer realm=\"one\", realm=\"two\"", ["bearer realm=one"]),
        ("Bearer realm=\"never ends", ["bearer realm=never ends"]),
        ("=\"stray\", Basic realm=x", ["basic realm=x"]),
        ("Bearer realm=\"\"", ["bearer realm="]),
        (
            "Bearer error=\"insufficient_scope\" ,realm=r",
            ["bearer error=insufficient_scope realm=r"]
        ),
    ]

    @Test(arguments: fields)
    func aFieldIsTakenApart(_ row: (String, [String])) {
        #expect(Challenge.list([row.0]).map(text) == row.1)
    }

    @Test func severalFieldsAreReadOneAfterAnother() {
        let challenges = Challenge.list(["Basic realm=a", "Bearer realm=b"])
        #expect(challenges.map(text) == ["basic realm=a", "bearer realm=b"])
    }

    @Test func noBytesAtAllLeadAstray() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("Bb=\",\\ \tr1~/é".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<24, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let text = String(decoding: bytes, as: UTF8.self)
            for challenge in Challenge.list([text]) {
                #expect(!challenge.scheme.isEmpty, "\(text)")
                #expect(!challenge.parameters.keys.contains(""), "\(text)")
            }
        }
    }

    private func text(_ challenge: Challenge) -> String {
        let token = challenge.token68.map { ["[\($0)]"] } ?? []
        let parameters = challenge.parameters.sorted { $0.key < $1.key }
        return ([challenge.scheme] + token + parameters.map { "\($0.key)=\($0.value)" })
            .joined(separator: " ")
    }
}
