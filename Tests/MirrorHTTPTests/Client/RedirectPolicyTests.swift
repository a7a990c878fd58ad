import Testing

@testable import MirrorHTTP

@Suite struct RedirectPolicyTests {
    private func request(_ url: String) throws -> ClientRequest {
        var fields = HTTPFields()
        fields.append(.authorization, "Bearer t")
        fields.append("Cookie", "a=b")
        fields.append(.range, "bytes=5-")
        return ClientRequest(.head, try #require(HTTPURL(url)), fields: fields)
    }

    private func response(_ status: Int, _ location: String?) -> ResponseHead {
        var head = ResponseHead(status: HTTPStatus(status))
        if let location { head.fields.append(.location, location) }
        return head
    }

    /// The request that follows one to `url`.
    private func next(
        after url: String, _ status: Int = 307, to location: String?
    ) throws -> ClientRequest? {
        var policy = RedirectPolicy(limit: 5)
        return try policy.next(after: try request(url), response(status, location))
    }

    @Test(arguments: [200, 206, 300, 304, 305, 404, 500])
    func otherAnswersAreFinal(_ status: Int) throws {
        #expect(try next(after: "http://a/", status, to: "http://b/") == nil)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectWithoutAPlaceIsFinal(_ status: Int) throws {
        #expect(try next(after: "http://a/", status, to: nil) == nil)
        #expect(
            try next(after: "http://a/", status, to: "/b")?.url.text == "http://a/b")
    }

    @Test(arguments: ["/b", "http://a/b", "http://A:80/b", "//a/b"])
    func credentialsGoAlongWithinTheOrigin(_ location: String) throws {
        let next = try #require(try next(after: "http://a/x", to: location))
        #expect(next.method == .head)
        #expect(next.url.text == "http://a/b")
        #expect(next.fields[.authorization] == "Bearer t")
        #expect(next.fields["Cookie"] == "a=b")
    }

    @Test(arguments: ["http://b/b", "http://a:8080/b", "https://a/b", "http://a.b/b", "//b/b"])
    func credentialsStayBehindButTheRangeGoesAlong(_ location: String) throws {
        let next = try #require(try next(after: "http://a/x", to: location))
        #expect(next.fields[.authorization] == nil)
        #expect(next.fields["Cookie"] == nil)
        #expect(next.fields[.range] == "bytes=5-")
    }

    @Test func credentialsThatStayedBehindDoNotComeBack() throws {
        var policy = RedirectPolicy(limit: 5)
        let away = try policy.next(after: request("http://a/"), response(302, "http://b/"))
        let back = try policy.next(after: #require(away), response(302, "http://a/"))
        #expect(back?.url.text == "http://a/")
        #expect(back?.fields[.authorization] == nil)
    }

    @Test(arguments: ["http://a/", "http://b/x?signature=secret"])
    func noRedirectLeadsFromTLSToTheClear(_ location: String) {
        let error = #expect(throws: ClientError.self) {
            try next(after: "https://a/x?token=secret", to: location)
        }
        #expect(error?.code == .redirect)
        #expect(error?.reason.contains("secret") == false)
    }

    @Test(arguments: ["ftp://b/", "http://user:pass@b/", "https://", "javascript:x"])
    func noRedirectLeadsToWhatIsNoURL(_ location: String) {
        let error = #expect(throws: ClientError.self) { try next(after: "http://a/", to: location) }
        #expect(error?.code == .redirect)
        #expect(error?.reason.contains("pass") == false)
    }

    @Test func aCircleIsLeftAfterTheLimit() throws {
        var policy = RedirectPolicy(limit: 3)
        var request = try request("http://a/")
        for _ in 0..<3 {
            request = try #require(try policy.next(after: request, response(302, "/")))
        }
        let error = #expect(throws: ClientError.self) {
            try policy.next(after: request, response(302, "/"))
        }
        #expect(error?.reason == "HEAD http://a/: more than 3 redirects")
    }
}
