import MirrorCore
import Testing

@testable import MirrorHTTP

/// The small fields that an upstream's answers carry.
@Suite struct UpstreamFieldTests {
    @Test(arguments: [
        ("bytes 0-9/10", 0, 9, 10), ("bytes 5-9/*", 5, 9, -1), ("Bytes 7-7/8", 7, 7, 8),
        ("bytes */10", -1, -1, 10),
    ])
    func aContentRangeIsRead(_ text: String, _ first: Int64, _ last: Int64, _ total: Int64) {
        let range = ContentRange(text)
        #expect(range != nil)
        #expect(range?.bytes?.lowerBound ?? -1 == first)
        #expect(range?.bytes?.upperBound ?? -1 == last)
        #expect(range?.total ?? -1 == total)
    }

    @Test(arguments: [
        "", "bytes", "bytes 9-0/10", "bytes 0-10/10", "bytes 0-9", "items 0-9/10", "bytes -1-9/10",
        "bytes */*", "bytes 0-/10", "bytes 0-9/10/11", "bytes 0-99999999999999999999/*",
    ])
    func whatIsNoContentRangeIsRefused(_ text: String) {
        #expect(ContentRange(text) == nil)
    }

    @Test func retryAfterIsSecondsOrADate() {
        let now = WallTime.seconds(784_111_777)
        #expect(RetryAfter.delay("60", now: now) == .seconds(60))
        #expect(RetryAfter.delay("0", now: now) == .zero)
        #expect(RetryAfter.delay("Sun, 06 Nov 1994 08:50:37 GMT", now: now) == .seconds(60))
        #expect(RetryAfter.delay("Sun, 06 Nov 1994 08:40:37 GMT", now: now) == .zero)
        #expect(RetryAfter.delay("99999999999999999999", now: now) == .seconds(86_400))
        for text in ["", "-1", "1.5", "soon"] { #expect(RetryAfter.delay(text, now: now) == nil) }
        #expect(RetryAfter.delay(nil, now: now) == nil)
    }

    @Test(arguments: [
        ("</v2/a/tags/list?n=2&last=b>; rel=\"next\"", ListPosition.behind("b")),
        ("</v2/a/tags/list?last=b%2Bc>; rel=\"next\"", .behind("b+c")),
        ("</v2/a/tags/list?n=2&last=b&page=3>; rel=\"next\"", .link("n=2&last=b&page=3")),
        ("<https://x/?a=1,2>; rel=next", .link("a=1,2")),
        ("<a>; rel=\"prev\", <b?token=x%3D>; title=\"x\"; rel=\"last next\"", .link("token=x%3D")),
        ("<a>; rel=next", .behind("z")), ("<a?>; rel=next", .behind("z")),
        ("<a?b c>; rel=next", .behind("z")), ("<a?n=2>; rel=next", .link("n=2")),
        ("<a>; rel=\"prev\"", nil), ("<a>", nil), ("", nil), ("rel=next", nil),
        ("<a>; title=\"next\"", nil),
    ])
    func aLinkSaysWhereAListGoesOn(_ text: String, _ position: ListPosition?) {
        #expect(LinkField.next([text])?.position(behind: "z") == position)
    }

    @Test func aLinkWithoutACursorBehindAnEmptyPageLeadsNowhere() {
        #expect(LinkField.next(["<a>; rel=next"])?.position(behind: nil) == nil)
    }

    @Test func aRateLimitIsRead() {
        var fields = HTTPFields()
        #expect(RateLimit(fields) == nil)
        fields.append("ratelimit-limit", "100;w=21600")
        fields.append("ratelimit-remaining", "76;w=21600")
        let limit = RateLimit(fields)
        #expect(limit?.limit == 100)
        #expect(limit?.remaining == 76)
        #expect(limit?.window == .seconds(21_600))
    }

    @Test func theFirstErrorOfABodyIsRepeatedWithoutControlCharacters() {
        let body = #"{"errors":[{"code":"DENIED","message":"no\u001b[31m\nway"},{"code":"X"}]}"#
        #expect(UpstreamFailure.message(Array(body.utf8)) == "DENIED: no[31mway")
        #expect(UpstreamFailure.message(Array(#"{"details":"wrong"}"#.utf8)) == "wrong")
        #expect(UpstreamFailure.message(Array("<html>".utf8)) == nil)
        #expect(UpstreamFailure.message([]) == nil)
    }

    @Test func aTokenIsReadUnderEitherName() {
        func token(_ json: String) -> RegistryToken? { RegistryToken(json: Array(json.utf8)) }
        #expect(token(#"{"token":"a","expires_in":300}"#)?.lifetime == .seconds(290))
        #expect(token(#"{"access_token":"b"}"#)?.lifetime == .seconds(54))
        #expect(token(#"{"access_token":"b","token":""}"#)?.secret == Secret("b"))
        #expect(token(#"{"token":"a","expires_in":0}"#)?.lifetime == .zero)
        #expect(token(#"{"token":"a\r\nX: y"}"#) == nil)
        #expect(token("{}") == nil)
        #expect(token("no") == nil)
    }
}
