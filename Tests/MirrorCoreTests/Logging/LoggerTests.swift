import MirrorCore
import MirrorTesting
import Testing

@Suite struct LoggerTests {
    @Test func recordsCarryTimeLevelMessageAndFields() {
        let sink = RecordingSink()
        let logger = Logger(sink: sink, level: .debug, now: { .seconds(7) })
        logger.debug("one", LogField("n", 1))
        logger.info("two")
        logger.warning("three")
        logger.error("four")
        #expect(sink.records.map(\.level) == [.debug, .info, .warning, .error])
        #expect(sink.records.map(\.message) == ["one", "two", "three", "four"])
        #expect(
            sink.records.first
                == LogRecord(
                    time: .seconds(7), level: .debug, message: "one", fields: [LogField("n", 1)]))
    }

    @Test func belowTheLevelTheMessageIsNeverBuilt() {
        let sink = RecordingSink()
        let logger = Logger(sink: sink, level: .warning)
        var built = 0
        func message() -> String {
            built += 1
            return "message"
        }
        logger.debug(message())
        logger.info(message())
        #expect(built == 0)
        logger.warning(message())
        #expect(built == 1)
        #expect(sink.records.count == 1)
        #expect(!logger.isEnabled(.info))
        #expect(logger.isEnabled(.error))
    }

    @Test func boundFieldsComeFirstAndALaterOneReplacesItsNamesake() {
        let sink = RecordingSink()
        let logger = Logger(sink: sink, fields: [LogField("a", 1), LogField("a", 2)])
            .with(LogField("b", "x"))
        logger.with(LogField("a", 3)).info("m", LogField("b", "y"), LogField("c", true))
        #expect(
            sink.records.first?.fields == [
                LogField("a", 3), LogField("b", "y"), LogField("c", true),
            ])
        #expect(logger.fields == [LogField("a", 2), LogField("b", "x")])
    }

    @Test func theDisabledLoggerBuildsNothing() {
        var built = false
        func message() -> String {
            built = true
            return ""
        }
        Logger.disabled.error(message())
        #expect(!built)
        #expect(!Logger.disabled.isEnabled(.error))
    }

    @Test(arguments: [
        ("error", LogLevel.error), ("warn", .warning), ("warning", .warning), ("info", .info),
        ("debug", .debug), ("INFO", .info),
    ])
    func aLevelIsKnownByItsName(_ name: String, _ level: LogLevel) {
        #expect(LogLevel(name: name) == level)
    }

    @Test(arguments: ["", "trace", "fatal", "inf", "information"])
    func noOtherNameIsALevel(_ name: String) {
        #expect(LogLevel(name: name) == nil)
    }
}
