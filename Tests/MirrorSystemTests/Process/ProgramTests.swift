import Glibc
import MirrorSystem
import Testing

@Suite(.timeLimit(.minutes(10))) struct ProgramTests {
    /// Of its own: what blocks must not hold up other tests.
    private static let threads = BlockingPool(threadLimit: 16)

    private func run(
        _ script: String, input: String = "", limits: ProgramLimits = ProgramLimits()
    ) async throws(Program.Failure) -> Program.Outcome {
        let program = Program("sh", arguments: ["-c", script], limits: limits)
        return try await Self.threads.run { () throws(Program.Failure) in
            try program.run(input: Array(input.utf8))
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func whatItIsSentAndWhatItSaysPass() async throws {
        let script = "read host; echo to $host; echo why >&2; exit 3"
        let outcome = try await run(script, input: "a.test\n")
        #expect(outcome.end == .exited(status: 3))
        #expect(text(outcome.output) == "to a.test\n")
        #expect(text(outcome.errorOutput) == "why\n")
    }

    @Test func aProgramThatReadsNothingBreaksNoPipe() async throws {
        let outcome = try await run("exec 0<&-; exit 0", input: String(repeating: "x", count: 4096))
        #expect(outcome.end == .exited(status: 0))
    }

    @Test func aSignalThatEndsItIsNamed() async throws {
        #expect(try await run("kill -9 $$").end == .killed(signal: SIGKILL))
    }

    @Test func aProgramThatIsNotThereFails() async {
        let program = Program("/nowhere/helper", arguments: ["get"])
        let error = #expect(throws: Program.Failure.self) { try program.run(input: []) }
        #expect(error?.description == "posix_spawn: No such file or directory")
    }

    @Test func whatTakesTooLongIsKilled() async {
        var limits = ProgramLimits()
        limits.timeout = .milliseconds(50)
        await #expect(throws: Program.Failure.timedOut(after: limits.timeout)) {
            try await run("sleep 1000", limits: limits)
        }
    }

    @Test func whatWritesWithoutEndIsKilled() async {
        let limit = ProgramLimits().outputByteLimit
        await #expect(throws: Program.Failure.tooMuchOutput(limit: limit)) { try await run("yes") }
    }

    @Test func onlyTheBeginningOfItsErrorsIsKept() async throws {
        let outcome = try await run("yes | head -c 300000 >&2; echo done")
        #expect(outcome.errorOutput.count == ProgramLimits().errorByteLimit)
        #expect(text(outcome.output) == "done\n")
    }

    /// A pipe ends for its reader when nobody holds its other end any more: neither the program
    /// nor what it started.
    @Test func whatItStartedIsKilledWithIt() async throws {
        let folder = try TestFolder()
        let path = folder.path("pipe")
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let reader = try SharedFile.open(path, for: .reading)
        await #expect(throws: Program.Failure.self) {
            try await run("exec 9>\(path); sleep 1000 & yes")
        }
        let events = await Self.threads.run {
            var entry = pollfd(fd: reader.descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&entry, 1, 30_000)
            return Int32(entry.revents)
        }
        #expect(events & POLLHUP != 0)
    }

    @Test func whatItLeavesRunningIsNotWaitedFor() async throws {
        var limits = ProgramLimits()
        limits.timeout = .seconds(3600)
        let outcome = try await run("sleep 1000 & echo $!", limits: limits)
        let id = try #require(Int32(text(outcome.output).dropLast()))
        #expect(kill(id, SIGKILL) == 0)
    }

    @Test func itInheritsNoOpenFile() async throws {
        let file = dup(2)
        defer { close(file) }
        // The last one is the folder that is being read.
        #expect(try await text(run("exec ls /proc/self/fd").output) == "0\n1\n2\n3\n")
    }

    @Test func itsSignalsAreAsUsual() async throws {
        let outcome = try await Self.threads.run { () throws(Program.Failure) in
            var held = sigset_t()
            unsafe sigemptyset(&held)
            unsafe sigaddset(&held, SIGTERM)
            unsafe pthread_sigmask(SIG_BLOCK, &held, nil)
            signal(SIGPIPE, SIG_IGN)
            defer {
                unsafe pthread_sigmask(SIG_UNBLOCK, &held, nil)
                signal(SIGPIPE, SIG_DFL)
            }
            return try Program("cat", arguments: ["/proc/self/status"]).run(input: [])
        }
        let status = text(outcome.output)
        #expect(status.contains("SigBlk:\t0000000000000000\n"))
        let ignored = try #require(status.split(separator: "SigIgn:\t").last?.prefix(16))
        #expect(try #require(UInt64(ignored, radix: 16)) & 1 << 12 == 0)
    }
}
