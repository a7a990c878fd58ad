import MirrorCore
import Testing

@Suite struct AccessLogEntryTests {
    static func line(_ change: (inout AccessLogEntry) -> Void = { _ in }) -> String {
        var entry = AccessLogEntry(
            remoteAddress: "192.0.2.7", time: .seconds(1_795_491_612), method: "GET",
            target: "/v2/library/alpine/manifests/latest", status: 200, bytesSent: 1638,
            userAgent: "docker/28.0")
        change(&entry)
        var output: [UInt8] = []
        entry.append(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func anEntryIsALineOfTheCombinedLog() {
        #expect(
            Self.line() == """
                192.0.2.7 - - [24/Nov/2026:03:40:12 +0000] \
                "GET /v2/library/alpine/manifests/latest HTTP/1.1" 200 1638 "" "docker/28.0"

                """)
    }

    @Test func userAndRefererAreTold() {
        let line = Self.line {
            $0.user = "tim"
            $0.referer = "https://example.com/"
        }
        #expect(line.hasPrefix("192.0.2.7 - tim ["))
        #expect(line.hasSuffix(#" 1638 "https://example.com/" "docker/28.0""# + "\n"))
    }

    @Test func aClientCannotForgeALine() {
        let forged = "x\"\n10.0.0.1 - root [\\] \u{1B}[2Jé\u{7F}"
        let escaped = #"x\x22\x0a10.0.0.1 - root [\x5c] \x1b[2J\xc3\xa9\x7f"#
        let changes: [(inout AccessLogEntry) -> Void] = [
            { $0.target = forged }, { $0.method = forged }, { $0.protocolVersion = forged },
            { $0.referer = forged }, { $0.userAgent = forged },
        ]
        for change in changes {
            let line = Self.line(change)
            #expect(line.contains(escaped))
            #expect(line.filter { $0 == "\n" }.count == 1)
            #expect(line.filter { $0 == "\"" }.count == 6)
        }
    }

    @Test func aSpaceInTheUserNameDoesNotShiftTheColumns() {
        #expect(Self.line { $0.user = "a b" }.hasPrefix(#"192.0.2.7 - a\x20b ["#))
        #expect(Self.line { $0.user = "" }.hasPrefix("192.0.2.7 - - ["))
    }
}
