import Testing

@testable import MirrorHTTP

@Suite struct HTTPFieldsTests {
    private var sample: HTTPFields {
        var fields = HTTPFields()
        fields.append("Host", "a")
        fields.append("X-Many", "1")
        fields.append("x-many", "2")
        fields.append("Content-Length", -12)
        return fields
    }

    @Test func findsNamesInAnyCaseAndKeepsTheOrder() {
        #expect(sample["HOST"] == "a")
        #expect(sample.values(of: "X-MANY") == ["1", "2"])
        #expect(sample["content-length"] == "-12")
        #expect(sample["Hos"] == nil)
        #expect(sample.all.map(\.name) == ["Host", "X-Many", "x-many", "Content-Length"])
        #expect(
            String(decoding: sample.bytes, as: UTF8.self)
                == "Host: a\r\nX-Many: 1\r\nx-many: 2\r\nContent-Length: -12\r\n")
    }

    @Test func removesEveryFieldOfTheName() {
        var fields = sample
        fields.remove("X-many")
        #expect(fields.all.map(\.name) == ["Host", "Content-Length"])
        #expect(fields["Content-Length"] == "-12")
        fields.remove("absent")
        #expect(fields.count == 2)
    }

    @Test func keepsBytesThatAreNoTextWhenOthersGo() throws {
        let head =
            Array("GET / HTTP/1.1\r\nA: \u{7}".utf8).dropLast() + [0xff]
            + Array("\r\nB: 1\r\n\r\n".utf8)
        let parser = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: false)
        var fields = try #require(try parser.request(Array(head).span)).head.fields
        fields.remove("B")
        #expect(fields.bytes == Array("A: ".utf8) + [0xff] + Array("\r\n".utf8))
    }

    @Test(arguments: [
        ("close", true), ("Close", true), ("keep-alive, close", true), ("a,\tclose\t,b", true),
        ("closed", false), ("close x", false), ("", false), (",", false),
    ])
    func findsATokenInAList(_ value: String, _ isThere: Bool) {
        var fields = HTTPFields()
        fields.append("Connection", value)
        #expect(fields.contains(.connection, token: "close") == isThere)
    }
}
