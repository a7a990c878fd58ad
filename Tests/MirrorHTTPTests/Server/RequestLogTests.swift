import MirrorCore
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite struct RequestLogTests {
    private final class Sink: LogSink {
        let records = Mutex<[LogRecord]>([])
        func write(_ record: LogRecord) { records.withLock { $0.append(record) } }
        var only: LogRecord? { records.withLock { $0.count == 1 ? $0.first : nil } }
    }

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
        func add(_ bytes: [UInt8]) {
            all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    private func exchange(_ status: HTTPStatus, failure: String? = nil) -> Exchange {
        var head = RequestHead(method: .get, target: "/v2/a/manifests/x?ns=docker.io")
        head.fields.append(.host, "mirror.test")
        head.fields.append(.userAgent, "docker/29 \"x\"")
        return Exchange(
            id: .next(), request: head, remoteAddress: "192.0.2.7", status: status, bytesSent: 42,
            duration: .milliseconds(3), notes: [LogField("cache", "hit")], failure: failure)
    }

    @Test func theRecordTellsTheRequestAndHowItWasAnswered() throws {
        let sink = Sink()
        let exchange = exchange(.ok)
        RequestLog(Logger(sink: sink), accessLog: nil).didComplete(exchange)
        let record = try #require(sink.only)
        #expect(record.level == .info)
        #expect(record.message == "response completed")
        let fields = Dictionary(uniqueKeysWithValues: record.fields.map { ($0.name, $0.value) })
        #expect(
            fields == [
                "http.request.id": .string(exchange.id.description),
                "http.request.method": "GET",
                "http.request.host": "mirror.test",
                "http.request.uri": "/v2/a/manifests/x?ns=docker.io",
                "http.request.remoteaddr": "192.0.2.7",
                "http.request.useragent": "docker/29 \"x\"",
                "http.response.status": 200,
                "http.response.written": 42,
                "http.response.duration": .duration(.milliseconds(3)),
                "cache": "hit",
            ])
    }

    @Test func failuresOfOursAreErrorsAndClientsThatLeaveAreNot() {
        for (status, failure, level, message) in [
            (HTTPStatus.notFound, nil, LogLevel.info, "response completed with error"),
            (.serviceUnavailable, nil, .error, "response completed with error"),
            (.ok, "the client's connection: send: Broken pipe", .info, "response broken off"),
        ] as [(HTTPStatus, String?, LogLevel, String)] {
            let sink = Sink()
            RequestLog(Logger(sink: sink), accessLog: nil)
                .didComplete(exchange(status, failure: failure))
            #expect(sink.only?.level == level)
            #expect(sink.only?.message == message)
            #expect(
                sink.only?.fields.first { $0.name == "error" }?.value
                    == failure.map { LogValue.string($0) })
        }
    }

    @Test func theAccessLogHasTheCombinedForm() throws {
        let lines = Lines()
        RequestLog(.disabled) { lines.add($0) }.didComplete(exchange(.ok))
        let line = try #require(lines.all.withLock { $0.first })
        #expect(line.hasPrefix("192.0.2.7 - - ["))
        #expect(
            line.hasSuffix(
                "] \"GET /v2/a/manifests/x?ns=docker.io HTTP/1.1\" 200 42 \"\" "
                    + "\"docker/29 \\x22x\\x22\"\n"))
    }

    @Test func requestIdsDiffer() {
        let ids = (0..<100).map { _ in RequestID.next().description }
        #expect(Set(ids).count == 100)
    }
}
