import Testing

@testable import mirrord

@Suite struct GoDurationTests {
    /// A text and its nanoseconds.
    static let amounts: [(String, Int64)] = [
        ("0", 0), ("0s", 0), ("168h", 604_800_000_000_000), ("1m30s", 90_000_000_000),
        ("1.5h", 5_400_000_000_000), ("100ms", 100_000_000), ("-1h", -3_600_000_000_000),
        ("+5s", 5_000_000_000), (".5s", 500_000_000), ("1.s", 1_000_000_000), ("10us", 10_000),
        ("10\u{B5}s", 10_000), ("10\u{3BC}s", 10_000), ("7ns", 7),
        ("1h1m1s1ms1us1ns", 3_661_001_001_001), ("1s1s", 2_000_000_000),
        ("0.1234567891s", 123_456_789), ("0.3333333333333333333h", 1_199_999_999_999),
        ("2562047h47m16.854775807s", .max),
    ]

    @Test(arguments: amounts)
    func aTextIsAnAmountOfTime(_ text: String, _ nanoseconds: Int64) {
        #expect(GoDuration.parse(text) == .nanoseconds(nanoseconds))
    }

    @Test(arguments: [
        "", "-", "+", "1", "1.5", ".s", "s", "1d", "1 h", " 1h", "1h ", "1hour", "1H", "--1h",
        "1h-1m", "3000000h", "9223372036854775808ns", "1e3s", "１h", "1h30", "2562047h47m16.9s",
    ])
    func whatGoDoesNotTakeIsRefused(_ text: String) {
        #expect(GoDuration.parse(text) == nil)
    }
}
