import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite struct ChunkedDecoderTests {
    /// Decodes `parts` one after another: the content, what follows the body, and whether the
    /// body is whole.
    private func decode(
        _ parts: [ArraySlice<UInt8>]
    ) throws(HeadError) -> (content: String, rest: Int, isDone: Bool) {
        var decoder = ChunkedDecoder()
        var content: [UInt8] = []
        var rest = 0
        for part in parts {
            var start = 0
            while start < part.count, !decoder.isDone {
                let (found, end) = try GuardedBytes(part).withSpan { bytes throws(HeadError) in
                    try decoder.next(bytes, in: start..<bytes.count)
                }
                content +=
                    part[part.startIndex + found.lowerBound..<part.startIndex + found.upperBound]
                start = end
            }
            rest += part.count - start
        }
        return (String(decoding: content, as: UTF8.self), rest, decoder.isDone)
    }

    @Test(arguments: [
        ("0\r\n\r\n", "", 0),
        ("4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n", "Wikipedia", 0),
        ("a\r\n0123456789\r\n0\r\n\r\nGET", "0123456789", 3),
        ("0A\r\n0123456789\r\n000\r\n\r\n", "0123456789", 0),
        ("3;a=b;c=\"d\"\r\nabc\r\n0;x\r\n\r\n", "abc", 0),
        ("3 \t;a\r\nabc\r\n0  \r\n\r\n", "abc", 0),
        ("1\r\nx\r\n0\r\nDigest: a\r\nB: c\r\n\r\n\r\n", "x", 2),
        ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n", 0),
    ])
    func decodesHoweverTheBytesArrive(_ text: String, _ content: String, _ rest: Int) throws {
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let result = try decode([
                    bytes[..<first], bytes[first..<second], bytes[second...],
                ])
                #expect(result == (content, rest, true), "cut at \(first) and \(second)")
            }
        }
        for end in 0..<bytes.count - rest {
            #expect(try decode([bytes[..<end]]).isDone == false, "ended at \(end)")
        }
    }

    @Test(arguments: [
        "\r\n", ";a\r\n", "g\r\n", "-1\r\n", "+1\r\nx", "0x1\r\nx", "1\nx\r\n", "1\rx",
        "1 1\r\nx\r\n",
        "1 x\r\n", "1;a\nx", "1;a\rx", "1\r\nxy\r\n", "1\r\nx\n", "1\r\nx\rz", "0\r\n\n",
        "0\r\nA: b\n",
        "0\r\nA: b\rc", "0\r\n\rx", "1000000000000000\r\n", "0000000000000001\r\n",
        "ffffffffffffffff\r\n",
    ])
    func refusesWhatIsNoChunk(_ text: String) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            #expect(throws: HeadError.self, "cut at \(cut)") {
                try decode([bytes[..<cut], bytes[cut...]])
            }
        }
    }

    @Test func limitsExtensionsOfAChunkAndAllTrailers() throws {
        let long = String(repeating: "x", count: 8 << 10)
        let half = String(repeating: "x", count: 5 << 10)
        for body in [
            "1;\(long)\r\n", "0\r\nA: \(long)\r\n", "0\r\nA: \(half)\r\nB: \(half)\r\n\r\n",
        ] {
            #expect(throws: HeadError.self) { try decode([Array(body.utf8)[...]]) }
        }
        let body = "1;\(half)\r\na\r\n1;\(half)\r\nb\r\n0\r\n\r\n"
        #expect(try decode([Array(body.utf8)[...]]).content == "ab")
    }

    @Test func takesTheLargestSize() throws {
        #expect(try decode([Array("fffffffffffffff\r\nabc".utf8)[...]]).content == "abc")
    }
}
