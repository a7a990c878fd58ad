import Glibc
import MirrorSystem
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProgramTests {
    private func run(
        _ script: String, input: String = "", limits: ProgramLimits = ProgramLimits()
    ) throws(Program.Failure) -> Program.Outcome {
        try Program("sh", arguments: ["-c", script], limits: limits).run(input: Array(input.utf8))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func whatItIsSentAndWhatItSaysPass() throws {
        let outcome = try run("read host; echo to $host; echo why >&2; exit 3", input: "a.test\n")
        #expect(outcome.end == .exited(status: 3))
        #expect(text(outcome.output) == "to a.test\n")
        #expect(text(outcome.errorOutput) == "why\n")
    }

    @Test func aProgramThatReadsNothingBreaksNoPipe() throws {
        let outcome = try run("exec 0<&-; exit 0", input: String(repeating: "x", count: 4096))
        #expect(outcome.end == .exited(status: 0))
    }

    @Test func aSignalThatEndsItIsNamed() throws {
        #expect(try run("kill -9 $$").end == .killed(signal: SIGKILL))
    }

    @Test func aProgramThatIsNotThereFails() {
        let program = Program("/nowhere/helper", arguments: ["get"])
        let error = #expect(throws: Program.Failure.self) { try program.run(input: []) }
        #expect(error?.description == "posix_spawn: No such file or directory")
    }

    @Test func whatTakesTooLongIsKilled() {
        var limits = ProgramLimits()
        limits.timeout = .milliseconds(50)
        #expect(throws: Program.Failure.timedOut(after: limits.timeout)) {
            try run("sleep 1000", limits: limits)
        }
    }

    @Test func whatWritesWithoutEndIsKilled() {
        let limit = ProgramLimits().outputByteLimit
        #expect(throws: Program.Failure.tooMuchOutput(limit: limit)) { try run("yes") }
    }

    @Test func onlyTheBeginningOfItsErrorsIsKept() throws {
        let outcome = try run("yes | head -c 300000 >&2; echo done")
        #expect(outcome.errorOutput.count == ProgramLimits().errorByteLimit)
        #expect(text(outcome.output) == "done\n")
    }

    /// The pipe ends for its reader when nobody holds its other end: neither the program nor what
    /// it started.
    @Test func whatItStartedIsKilledWithIt() async throws {
        let folder = try TestFolder()
        let pipe = folder.path("pipe")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        async let rest = BlockingPool.shared.run { () throws(WholeFile.Failure) in
            try WholeFile.read(pipe, limit: 100)
        }
        #expect(throws: Program.Failure.self) {
            try run("exec 9>\(pipe); echo held >&9; sleep 1000 & yes")
        }
        #expect(try await text(rest) == "held\n")
    }

    @Test func whatItLeavesRunningIsNotWaitedFor() throws {
        var limits = ProgramLimits()
        limits.timeout = .seconds(3600)
        let outcome = try run("sleep 1000 & echo $!", limits: limits)
        let id = try #require(Int32(text(outcome.output).dropLast()))
        #expect(kill(id, SIGKILL) == 0)
    }

    @Test func itInheritsNoOpenFile() throws {
        let file = dup(2)
        defer { close(file) }
        // The last one is the folder that is being read.
        #expect(try text(run("exec ls /proc/self/fd").output) == "0\n1\n2\n3\n")
    }

    @Test func itsSignalsAreAsUsual() throws {
        var held = sigset_t()
        unsafe sigemptyset(&held)
        unsafe sigaddset(&held, SIGTERM)
        unsafe pthread_sigmask(SIG_BLOCK, &held, nil)
        signal(SIGPIPE, SIG_IGN)
        defer {
            unsafe pthread_sigmask(SIG_UNBLOCK, &held, nil)
            signal(SIGPIPE, SIG_DFL)
        }
        let status = try text(run("exec cat /proc/self/status").output)
        #expect(status.contains("SigBlk:\t0000000000000000\n"))
        let ignored = try #require(status.split(separator: "SigIgn:\t").last?.prefix(16))
        #expect(try #require(UInt64(ignored, radix: 16)) & 1 << 12 == 0)
    }
}
