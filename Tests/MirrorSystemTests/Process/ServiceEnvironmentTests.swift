import MirrorSystem
import Testing

/// What a service manager's variables say.
@Suite struct ServiceEnvironmentTests {
    private typealias Socket = ServiceEnvironment.Socket

    private func environment(_ variables: [String: String]) -> ServiceEnvironment {
        ServiceEnvironment(variables, process: 7)
    }

    @Test func withoutVariablesThereIsNothing() {
        let environment = environment(["HOME": "/root"])
        #expect(environment.sockets.isEmpty)
        #expect(environment.notifyAddress == nil)
        #expect(environment.watchdogTime == nil)
    }

    @Test(
        arguments: [
            (nil, ["", ""]), ("http:admin", ["http", "admin"]), ("http", ["http", ""]),
            (":admin", ["", "admin"]), ("a:b:c", ["a", "b"]),
        ] as [(String?, [String])])
    func socketsBeginAtDescriptorThree(_ names: String?, _ expected: [String]) {
        var variables = ["LISTEN_PID": "7", "LISTEN_FDS": "2"]
        variables["LISTEN_FDNAMES"] = names
        #expect(
            environment(variables).sockets == [
                Socket(descriptor: 3, name: expected[0]), Socket(descriptor: 4, name: expected[1]),
            ])
    }

    @Test(arguments: [
        ["LISTEN_PID": "8", "LISTEN_FDS": "1"], ["LISTEN_FDS": "1"], ["LISTEN_PID": "7"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "0"], ["LISTEN_PID": "7", "LISTEN_FDS": "-1"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "one"], ["LISTEN_PID": "7", "LISTEN_FDS": "99999999"],
    ])
    func whatIsMeantForOthersOrMakesNoSenseIsLeft(_ variables: [String: String]) {
        #expect(environment(variables).sockets.isEmpty)
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "20000000"], Duration.seconds(20)),
            (["WATCHDOG_USEC": "1500", "WATCHDOG_PID": "7"], .microseconds(1500)),
            (["WATCHDOG_USEC": "1500", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "soon"], nil),
        ] as [([String: String], Duration?)])
    func theWatchdogsTimeIsRead(_ variables: [String: String], _ time: Duration?) {
        #expect(environment(variables).watchdogTime == time)
    }

    @Test func theNotifyAddressIsKeptAsItIs() {
        #expect(environment(["NOTIFY_SOCKET": "@abc"]).notifyAddress == "@abc")
    }
}
