/// How much a program that is run for its output may take and say.
package struct ProgramLimits: Hashable, Sendable {
    /// From its start to its end.
    package var timeout = Duration.seconds(20)
    /// Bytes on its standard input.
    package var inputByteLimit = 4 << 10
    /// Bytes on its standard output.
    package var outputByteLimit = 64 << 10
    /// Bytes that are taken of its standard error.
    package var errorByteLimit = 4 << 10

    /// The limits by default.
    package init() {}
}

/// A program that is run for what it says: no shell, no terminal, no descriptor but the three
/// standard ones, the environment of this process.
package struct Program: Hashable, Sendable {
    /// What a run came to.
    package struct Outcome: Hashable, Sendable {
        /// How the process ended.
        package enum End: Hashable, Sendable {
            case exited(status: Int32)
            case killed(signal: Int32)
        }

        package let end: End
        package let output: [UInt8]
        package let errorOutput: [UInt8]
    }

    /// Why a run came to nothing.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// A call of the system failed; most often there is no such program.
        case system(SystemError)
        case timedOut(after: Duration)
        case tooMuchInput(limit: Int)
        case tooMuchOutput(limit: Int)

        /// Such as `it took longer than 20 seconds, and was killed`.
        package var description: String {
            switch self {
            case .system(let error): "\(error)"
            case .timedOut(let time): "it took longer than \(time), and was killed"
            case .tooMuchInput(let limit): "it would be sent more than \(limit) bytes"
            case .tooMuchOutput(let limit): "it wrote more than \(limit) bytes, and was killed"
            }
        }
    }

    /// A path, or a name to be looked for in `PATH`.
    package let path: String
    /// What it is called with. Anybody on the machine can read it.
    package let arguments: [String]
    package let limits: ProgramLimits

    package init(_ path: String, arguments: [String], limits: ProgramLimits = ProgramLimits()) {
        self.path = path
        self.arguments = arguments
        self.limits = limits
    }

    /// Runs it to its end with `input` on its standard input. It blocks: call it on a thread that
    /// may.
    ///
    /// When this returns, the process has ended; at a limit, all of its process group has been
    /// killed.
    package func run(input: [UInt8]) throws(Failure) -> Outcome {
        guard input.count <= limits.inputByteLimit else {
            throw .tooMuchInput(limit: limits.inputByteLimit)
        }
        var child: ChildProcess
        do throws(SystemError) {
            child = try ChildProcess(path, arguments, input: input)
        } catch {
            throw .system(error)
        }
        defer { child.closePipes() }
        do throws(Failure) {
            return try outcome(of: &child)
        } catch {
            child.killGroup()
            throw error
        }
    }

    private func outcome(of child: inout ChildProcess) throws(Failure) -> Outcome {
        let start = MonotonicClock.nanoseconds
        var output = PipeOutput(child.output, keeping: limits.outputByteLimit)
        var errorOutput = PipeOutput(child.errorOutput, keeping: limits.errorByteLimit)
        while true {
            let hasMore: Bool
            do throws(SystemError) {
                // What it wrote before it ended is in the pipes by then, so they are read after.
                try child.reap()
                hasMore = try PipeOutput.read(&output, &errorOutput, waiting: child.end == nil)
            } catch {
                throw .system(error)
            }
            if output.isOverfull { throw .tooMuchOutput(limit: limits.outputByteLimit) }
            let isLate = MonotonicClock.nanoseconds &- start >= UInt64(limits.timeout.nanoseconds)
            // Whoever it started may go on writing.
            if let end = child.end, !hasMore || isLate {
                return Outcome(end: end, output: output.bytes, errorOutput: errorOutput.bytes)
            }
            if isLate { throw .timedOut(after: limits.timeout) }
        }
    }
}
