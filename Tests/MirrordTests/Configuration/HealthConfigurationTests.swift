import MirrorHTTP
import Testing

@testable import mirrord

/// What operators watch, as a file says it.
@Suite struct HealthConfigurationTests {
    private func read(_ lines: String) throws -> Configuration {
        let loaded = try configuration(lines)
        #expect(loaded.warnings.isEmpty)
        return loaded.configuration
    }

    @Test func nothingIsToldAndNobodyIsTurnedAwayByDefault() throws {
        let configuration = try read("")
        #expect(configuration.http.debug == nil)
        #expect(configuration.health == Configuration.Health())
    }

    @Test func theDebugServerHasAnAddressAndNumbersWhereTheyAreWanted() throws {
        let plain = try read("http: {debug: {addr: ':5001'}}").http.debug
        #expect(plain == Configuration.Debug(address: .tcp(host: nil, port: 5001)))
        let usual = try read("http: {debug: {addr: ':5001', prometheus: {enabled: true}}}")
        #expect(usual.http.debug?.metricsPath == "/metrics")
        let other = try read(
            "http: {debug: {addr: '127.0.0.1:1', prometheus: {enabled: true, path: /m}}}")
        #expect(other.http.debug?.metricsPath == "/m")
        #expect(try read("http: {debug: {prometheus: {enabled: false}}}").http.debug == nil)
    }

    @Test func numbersWithoutAnAddressAreWarnedOf() throws {
        let loaded = try configuration("http: {debug: {prometheus: {enabled: true}}}")
        #expect(
            loaded.warnings.map(\.message)
                == ["http.debug.prometheus has no effect without http.debug.addr"])
    }

    @Test func eachCheckHasItsPace() throws {
        let health = try read(
            """
            health:
              storagedriver: {enabled: true, interval: 5s, threshold: 3}
              file:
              - {file: /run/down, interval: 1s}
              - file: /run/other
              http:
              - uri: https://app.example/health?x=1
                headers: {X-Probe: [a, b], Accept: text/plain}
                statuscode: 204
                timeout: 3s
                threshold: 2
              tcp:
              - {addr: 'db.example:5432', timeout: 1s, interval: 2s}
              - addr: '[::1]:7'
            """
        ).health
        #expect(health.storage == .init(interval: .seconds(5), threshold: 3))
        #expect(health.files.map(\.path) == ["/run/down", "/run/other"])
        #expect(health.files.map(\.pace.interval) == [.seconds(1), .seconds(10)])
        let server = try #require(health.servers.first)
        #expect(server.url == HTTPURL("https://app.example/health?x=1"))
        #expect(server.headers.map(\.name) == ["X-Probe", "Accept"])
        #expect(server.headers.map(\.values) == [["a", "b"], ["text/plain"]])
        #expect(server.status == 204)
        #expect(server.timeout == .seconds(3))
        #expect(server.pace == .init(interval: .seconds(10), threshold: 2))
        #expect(health.ports.map(\.host) == ["db.example", "::1"])
        #expect(health.ports.map(\.number) == [5432, 7])
        #expect(health.ports.map(\.timeout) == [.seconds(1), nil])
    }

    @Test func whatIsNotSaidOrIsNoughtIsAsInTheReference() throws {
        let health = try read(
            "health: {storagedriver: {enabled: true, interval: 0s, threshold: 0},"
                + " http: [{uri: 'http://a.test', statuscode: 0, timeout: 0s}]}"
        ).health
        #expect(health.storage == .init(interval: .seconds(10), threshold: 1))
        #expect(health.servers.first?.status == 200)
        #expect(health.servers.first?.timeout == nil)
    }

    @Test(arguments: [
        ("http: {debug: {addr: nowhere}}", "http.debug.addr must be host:port"),
        (
            "http: {debug: {addr: ':1', prometheus: {enabled: true, path: metrics}}}",
            "http.debug.prometheus.path must be a path"
        ),
        ("health: {file: [{interval: 1s}]}", "health.file.file is missing"),
        ("health: {http: [{uri: 'ftp://a'}]}", "health.http.uri must be a URL"),
        ("health: {http: [{uri: 'http://a', statuscode: 1000}]}", "health.http.statuscode must be"),
        ("health: {tcp: [{addr: host}]}", "health.tcp.addr must be a host and a port"),
        ("health: {tcp: [{timeout: 1s}]}", "health.tcp.addr is missing"),
        ("health: {storagedriver: {interval: -1s}}", "interval cannot be negative"),
    ])
    func whatIsWrongIsSaid(_ lines: String, _ message: String) {
        do {
            _ = try configuration(lines)
            Issue.record("\(lines) was taken")
        } catch {
            #expect("\(error)".contains(message))
        }
    }
}
