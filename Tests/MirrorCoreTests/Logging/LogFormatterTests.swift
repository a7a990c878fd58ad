import Testing

@testable import MirrorCore

@Suite struct LogFormatterTests {
    static let time = WallTime(nanosecondsSinceEpoch: 1_795_491_612_123_000_000)

    static func text(_ message: String, _ fields: LogField...) -> String {
        var output: [UInt8] = []
        let record = LogRecord(time: time, level: .warning, message: message, fields: fields)
        TextLogFormatter.append(record, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static func json(_ message: String, _ fields: LogField...) -> String {
        var output: [UInt8] = []
        let record = LogRecord(time: time, level: .warning, message: message, fields: fields)
        JSONLogFormatter.append(record, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func aRecordIsOneLineOfPairs() {
        let line = Self.text(
            "response completed", LogField("http.response.status", 200),
            LogField("cache", "hit"), LogField("whole", true),
            LogField("http.response.duration", .milliseconds(3)))
        #expect(
            line == """
                time="2026-11-24T03:40:12.123Z" level=warning msg="response completed" \
                http.response.status=200 cache=hit whole=true http.response.duration=3ms

                """)
    }

    @Test func aRecordIsOneFlatObject() {
        let line = Self.json(
            "response completed", LogField("http.response.status", 200),
            LogField("cache", "hit"), LogField("whole", false),
            LogField("http.response.duration", .microseconds(1500)))
        #expect(
            line == """
                {"time":"2026-11-24T03:40:12.123Z","level":"warning","msg":"response completed",\
                "http.response.status":200,"cache":"hit","whole":false,\
                "http.response.duration":"1.5ms"}

                """)
    }

    @Test func anEventForLogstashHasItsNames() {
        var output: [UInt8] = []
        LogstashLogFormatter.append(
            LogRecord(
                time: Self.time, level: .info, message: "a \"b\"",
                fields: [LogField("type", "x"), LogField("msg", 1), LogField("@version", 2)]),
            to: &output)
        #expect(
            String(decoding: output, as: UTF8.self) == #"""
                {"@timestamp":"2026-11-24T03:40:12.123Z","@version":"1","level":"info",\#
                "message":"a \"b\"","type":"log","fields.type":"x","msg":1,"fields.@version":2}

                """#)
    }

    /// A value, as text and as JSON.
    @Test(arguments: [
        ("", "", #""""#),
        ("abcXYZ019-._/@^+", "abcXYZ019-._/@^+", #""abcXYZ019-._/@^+""#),
        ("two words", #""two words""#, #""two words""#),
        ("a:b", #""a:b""#, #""a:b""#),
        ("say \"so\"", #""say \"so\"""#, #""say \"so\"""#),
        ("a\\b", #""a\\b""#, #""a\\b""#),
        ("a\nb\rc\td", #""a\nb\rc\td""#, #""a\nb\rc\td""#),
        ("\u{07}\u{08}\u{0B}\u{0C}", #""\a\b\v\f""#, #""\u0007\u0008\u000b\u000c""#),
        ("\u{00}\u{1B}[31m\u{7F}", #""\x00\x1b[31m\x7f""#, #""\u0000\u001b[31m\u007f""#),
        ("größe", #""größe""#, #""größe""#),
        ("\u{85}\u{2028}\u{200B}", #""\u0085\u2028\u200b""#, "\"\u{85}\u{2028}\u{200B}\""),
        ("\u{1F600}\u{E0001}", "\"\u{1F600}\\U000e0001\"", "\"\u{1F600}\u{E0001}\""),
    ])
    func aValueIsQuotedAndEscaped(_ value: String, _ text: String, _ json: String) {
        #expect(Self.text("m", LogField("k", value)).hasSuffix(" msg=m k=\(text)\n"))
        #expect(Self.json("m", LogField("k", value)).hasSuffix(#","msg":"m","k":\#(json)}"# + "\n"))
    }

    @Test func aFieldCannotPassForAPartOfTheRecord() {
        let fields = [LogField("msg", "x"), LogField("time", 1), LogField("level", false)]
        let text = Self.text("m", fields[0], fields[1], fields[2])
        #expect(text.hasSuffix("msg=m fields.msg=x fields.time=1 fields.level=false\n"))
        let json = Self.json("m", fields[0], fields[1], fields[2])
        #expect(
            json.hasSuffix(
                #""msg":"m","fields.msg":"x","fields.time":1,"fields.level":false}"# + "\n"))
    }

    @Test func aFieldNameCannotBreakTheLine() {
        #expect(Self.text("m", LogField("a b\n=c", 1)).hasSuffix(" msg=m a_b__c=1\n"))
        #expect(Self.json("m", LogField("a\"\n", 1)).hasSuffix(#""a\"\n":1}"# + "\n"))
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.nanoseconds(1), "1ns"), (.nanoseconds(1100), "1.1µs"),
        (.microseconds(2200), "2.2ms"), (.milliseconds(3300), "3.3s"), (.seconds(60), "1m0s"),
        (.seconds(245) + .nanoseconds(1), "4m5.000000001s"), (.seconds(604_800), "168h0m0s"),
        (.milliseconds(-1500), "-1.5s"), (.seconds(3661), "1h1m1s"),
        (.nanoseconds(Int64.min), "-2562047h47m16.854775808s"),
    ])
    func aDurationIsWrittenAsGoWritesIt(_ duration: Duration, _ text: String) {
        var output: [UInt8] = []
        DurationText.append(duration, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == text)
    }
}
