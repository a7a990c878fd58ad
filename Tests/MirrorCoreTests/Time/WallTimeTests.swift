import Testing

@testable import MirrorCore

@Suite struct WallTimeTests {
    /// Seconds since the epoch and the three ways to write them.
    static let moments: [(Int64, String, String, String)] = [
        (
            0, "1970-01-01T00:00:00Z", "01/Jan/1970:00:00:00 +0000",
            "Thu, 01 Jan 1970 00:00:00 GMT"
        ),
        (
            784_111_777, "1994-11-06T08:49:37Z", "06/Nov/1994:08:49:37 +0000",
            "Sun, 06 Nov 1994 08:49:37 GMT"
        ),
        (
            951_827_696, "2000-02-29T12:34:56Z", "29/Feb/2000:12:34:56 +0000",
            "Tue, 29 Feb 2000 12:34:56 GMT"
        ),
        (
            1_795_491_612, "2026-11-24T03:40:12Z", "24/Nov/2026:03:40:12 +0000",
            "Tue, 24 Nov 2026 03:40:12 GMT"
        ),
        (
            4_107_542_399, "2100-02-28T23:59:59Z", "28/Feb/2100:23:59:59 +0000",
            "Sun, 28 Feb 2100 23:59:59 GMT"
        ),
        (
            -1, "1969-12-31T23:59:59Z", "31/Dec/1969:23:59:59 +0000",
            "Wed, 31 Dec 1969 23:59:59 GMT"
        ),
        (
            -2_203_891_200, "1900-03-01T00:00:00Z", "01/Mar/1900:00:00:00 +0000",
            "Thu, 01 Mar 1900 00:00:00 GMT"
        ),
    ]

    @Test(arguments: moments)
    func isWrittenInEachForm(_ row: (Int64, String, String, String)) {
        let time = WallTime.seconds(row.0)
        #expect(time.rfc3339 == row.1)
        #expect(time.combinedLogDate == row.2)
        #expect(time.imfFixdate == row.3)
    }

    @Test(arguments: moments)
    func isReadBackFromBothForms(_ row: (Int64, String, String, String)) {
        #expect(WallTime(rfc3339: row.1) == .seconds(row.0))
        #expect(WallTime(imfFixdate: row.3) == .seconds(row.0))
    }

    @Test(arguments: [
        (123_456_789, ".123456789"), (120_000_000, ".12"), (1, ".000000001"), (0, ""),
    ])
    func aFractionIsAsShortAsItCanBe(_ nanoseconds: Int64, _ fraction: String) {
        let time = WallTime(
            nanosecondsSinceEpoch: 1_795_491_612_000_000_000 + nanoseconds)
        #expect(time.rfc3339 == "2026-11-24T03:40:12\(fraction)Z")
        #expect(WallTime(rfc3339: time.rfc3339) == time)
    }

    @Test func aMomentBeforeTheEpochCountsItsFractionForward() {
        #expect(WallTime(nanosecondsSinceEpoch: -1).rfc3339 == "1969-12-31T23:59:59.999999999Z")
    }

    @Test(arguments: [
        ("2026-11-24T05:40:12+02:00", 0),
        ("2026-11-23T22:10:12-05:30", 0),
        ("2026-11-24t03:40:12z", 0),
        ("2026-11-24 03:40:12Z", 0),
        ("2026-11-24T03:40:12.5Z", 500_000_000),
        ("2026-11-24T03:40:12.123456789999Z", 123_456_789),
    ])
    func offsetsAndFractionsAreUnderstood(_ text: String, _ nanoseconds: Int64) {
        let expected = WallTime(nanosecondsSinceEpoch: 1_795_491_612_000_000_000 + nanoseconds)
        #expect(WallTime(rfc3339: text) == expected)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T03:40:12", "2026-11-24T03:40:12.Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T03:60:00Z",
        "2026-11-24T03:40:12+2:00", "2026-11-24T03:40:12+24:00", "2026-11-24T03:40:12Z ",
        "26-11-24T03:40:12Z", "2026-11-24T03:40:1２Z", "2026-00-10T00:00:00Z",
        "2026-01-00T00:00:00Z",
    ])
    func whatIsNotRFC3339IsRefused(_ text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test(arguments: [
        "", "Sun, 6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37",
    ])
    func whatIsNotAnIMFFixdateIsRefused(_ text: String) {
        #expect(WallTime(imfFixdate: text) == nil)
    }

    @Test func aDateOutOfRangeBecomesTheNearestEnd() {
        #expect(WallTime(rfc3339: "0001-01-01T00:00:00Z") == .distantPast)
        #expect(WallTime(rfc3339: "9999-12-31T23:59:59Z") == .distantFuture)
    }

    @Test func theEndsOfTheRangeCanBeWritten() {
        #expect(WallTime.distantPast.rfc3339 == "1677-09-21T00:12:43.145224192Z")
        #expect(WallTime.distantFuture.rfc3339 == "2262-04-11T23:47:16.854775807Z")
    }

    @Test func everyDayOfFourHundredYearsIsReadBack() {
        let start: Int64 = -5_364_662_400  // 1800-01-01
        for day in Int64(0)..<146_097 {
            let seconds = start + day * 86_400 + 86_399
            #expect(CivilDate(secondsSinceEpoch: seconds).secondsSinceEpoch == seconds)
        }
        #expect(WallTime.seconds(start).rfc3339 == "1800-01-01T00:00:00Z")
    }

    @Test func arithmeticMovesAlongTheClock() {
        let time = WallTime.seconds(100)
        #expect(time + .milliseconds(1500) == WallTime(nanosecondsSinceEpoch: 101_500_000_000))
        #expect(time - .seconds(101) == .seconds(-1))
        #expect(time - .seconds(40) == .seconds(60))
        #expect(WallTime.seconds(100) - WallTime.seconds(160) == Duration.seconds(-60))
        #expect(WallTime.seconds(1) < WallTime.seconds(2))
    }

    @Test func arithmeticStopsAtTheEndsOfTheRange() {
        let aeon = Duration.seconds(Int64.max)
        #expect(WallTime.seconds(1) + aeon == .distantFuture)
        #expect(WallTime.seconds(1) - aeon == .distantPast)
        #expect(WallTime.seconds(-1) + .zero - aeon == .distantPast)
        #expect(WallTime.distantPast - Duration.nanoseconds(1) == .distantPast)
        #expect(WallTime.distantFuture - Duration.nanoseconds(-1) == .distantFuture)
        #expect(
            WallTime.distantFuture - WallTime.distantPast
                == Duration.nanoseconds(Int64.max) - .nanoseconds(Int64.min))
    }

    @Test func nowIsAfterThisWasWritten() {
        #expect(WallTime.now > .seconds(1_700_000_000))
    }
}
