import Testing

@testable import MirrorHTTP

@Suite struct ByteRangeFieldTests {
    @Test(
        arguments: [
            ("bytes=0-0", .one(0..<1)),
            ("bytes=0-99", .one(0..<100)),
            ("bytes=0-100", .one(0..<100)),
            ("bytes=0-99999999999999999999999999", .one(0..<100)),
            ("bytes=99-", .one(99..<100)),
            ("bytes=0-", .one(0..<100)),
            ("bytes=-1", .one(99..<100)),
            ("bytes=-100", .one(0..<100)),
            ("bytes=-101", .one(0..<100)),
            ("bytes=-99999999999999999999999999", .one(0..<100)),
            ("Bytes=1-2", .one(1..<3)),
            ("bytes= 1-2 , 5-6", .several([1..<3, 5..<7])),
            ("bytes=1-2,5-6", .several([1..<3, 5..<7])),
            ("bytes=5-6,1-2", .several([5..<7, 1..<3])),
            ("bytes=1-2,,5-6", .several([1..<3, 5..<7])),
            ("bytes=0-9,5-19", .one(0..<20)),
            ("bytes=0-9,10-19", .one(0..<20)),
            ("bytes=0-1,10-11,2-9", .one(0..<12)),
            ("bytes=0-0,-1", .several([0..<1, 99..<100])),
            ("bytes=0-0,500-600", .one(0..<1)),
            ("bytes=100-", .none),
            ("bytes=100-200,300-", .none),
            ("bytes=-0", .none),
            ("bytes=2-1", .none),
            ("bytes=2-1,3-4", .one(3..<5)),
            ("bytes=99999999999999999999999999-", .none),
        ] as [(String, ByteRangeField.Resolution)])
    func rangesAreFoundInAHundredBytes(_ text: String, _ expected: ByteRangeField.Resolution) {
        #expect(ByteRangeField(text)?.resolve(size: 100) == expected)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1",
        "bytes=1-2-3", "bytes=--1", "bytes=+1-2", "bytes=1-2;3-4", "items=0-1", "bytes 0-1",
        "bytes=1-2,x", "bytes=0x1-2", "bytes=١-٢",
    ])
    func whatIsNoRangeIsLeftAside(_ text: String) {
        #expect(ByteRangeField(text) == nil)
    }

    @Test func emptyContentHasNoRange() {
        #expect(ByteRangeField("bytes=0-")?.resolve(size: 0) == ByteRangeField.Resolution.none)
        #expect(ByteRangeField("bytes=-5")?.resolve(size: 0) == ByteRangeField.Resolution.none)
    }

    @Test func moreRangesThanTheLimitMeanTheWholeContent() {
        func field(_ count: Int) -> ByteRangeField? {
            let ranges = (0..<count).map { "\($0 * 2)-\($0 * 2)" }
            return ByteRangeField("bytes=" + ranges.joined(separator: ","))
        }
        let every = (0..<64).map { (number: Int64) in number * 2..<number * 2 + 1 }
        #expect(field(64)?.resolve(size: 1000) == ByteRangeField.Resolution.several(every))
        #expect(field(65)?.resolve(size: 1000) == .whole)
    }
}
