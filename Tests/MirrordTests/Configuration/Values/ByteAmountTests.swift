import Testing

@testable import mirrord

@Suite struct ByteAmountTests {
    static let amounts: [(String, Int64)] = [
        ("0", 0), ("512", 512), ("512B", 512), ("1kB", 1000), ("1KB", 1000), ("500MB", 500_000_000),
        ("2GB", 2_000_000_000), ("1TB", 1_000_000_000_000), ("1KiB", 1024), ("50MiB", 50 << 20),
        ("50 GiB", 50 << 30), ("3TiB", 3 << 40), ("1.5KiB", 1536), ("0.0000001MB", 0),
        ("0.123456789012345678901234GB", 123_456_789), ("9223372036854775807", .max),
    ]

    @Test(arguments: amounts)
    func aTextIsAnAmountOfBytes(_ text: String, _ count: Int64) {
        #expect(ByteAmount.parse(text) == count)
    }

    @Test(arguments: [
        "", "B", "-1", "+1", "1.2.3MB", ".5MB", "1.MB", "1mb", "1MiBs", "1MB/s", "MB 1", "0x10",
        "1e3", "9223372036854775808", "9000000TiB", "１MB", "1,5MB", "x",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(ByteAmount.parse(text) == nil)
    }
}
