internal import CLinux
internal import Glibc

/// A process that this one started, in a process group of its own.
struct ChildProcess {
    private let id: pid_t
    /// How it ended; nil while it is not known to have.
    private(set) var end: Program.Outcome.End?
    /// The end of a pipe that its standard output goes into.
    let output: Int32
    /// The end of a pipe that its standard error goes into.
    let errorOutput: Int32

    /// Starts the program at `path`.
    ///
    /// - Parameter input: no more than a pipe holds: it is written before anybody could read it,
    ///   so a program that reads nothing breaks no pipe.
    init(_ path: String, _ arguments: [String], input: [UInt8]) throws(SystemError) {
        let pipes = try Pipes()
        do throws(SystemError) {
            try pipes.write(input)
            id = try pipes.start(path, arguments)
        } catch {
            pipes.closeReading()
            throw error
        }
        (output, errorOutput) = (pipes.output.reading, pipes.error.reading)
    }

    /// Looks whether it has ended, without waiting.
    mutating func reap() throws(SystemError) {
        guard end == nil else { return }
        var status: Int32 = 0
        // Safe: the kernel fills in the status.
        let ended = try retrying("waitpid") { unsafe waitpid(id, &status, WNOHANG) }
        if ended == 0 { return }
        let signal = status & 0x7f
        end = signal == 0 ? .exited(status: status >> 8 & 0xff) : .killed(signal: signal)
    }

    /// Ends it with all processes of its group. One that has ended by itself is let be: its number
    /// may be another's by now.
    func killGroup() {
        guard end == nil else { return }
        kill(-id, SIGKILL)
        // It is gone at once, unless it hangs in the kernel or has become another user's.
        startDetachedThread(name: "mirrord-reap") { [id] in
            _ = try? retrying("waitpid") { waitpid(id, nil, 0) }
        }
    }

    func closePipes() {
        close(output)
        close(errorOutput)
    }
}

/// The three pipes between this process and a child.
private struct Pipes {
    struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws(SystemError) {
            var ends: [Int32] = [-1, -1]
            // Safe: the kernel writes two descriptors.
            _ = try retrying("pipe2") { unsafe pipe2(&ends, O_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
        }

        func close() {
            Glibc.close(reading)
            Glibc.close(writing)
        }
    }

    let input: Pipe
    let output: Pipe
    let error: Pipe

    init() throws(SystemError) {
        input = try Pipe()
        do throws(SystemError) { output = try Pipe() } catch {
            input.close()
            throw error
        }
        do throws(SystemError) { error = try Pipe() } catch {
            input.close()
            output.close()
            throw error
        }
    }

    func write(_ bytes: [UInt8]) throws(SystemError) {
        defer { close(input.writing) }
        guard !bytes.isEmpty else { return }
        // Safe: the kernel reads just the bytes of the array.
        _ = try retrying("write") { unsafe Glibc.write(input.writing, bytes, bytes.count) }
    }

    /// Starts a program with the pipes as its standard input, output and error; the ends that
    /// belong to it are closed here.
    func start(_ path: String, _ arguments: [String]) throws(SystemError) -> pid_t {
        defer { for end in [input.reading, output.writing, error.writing] { close(end) } }
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        // Safe: the calls fill and read what they are given and keep nothing; the words end with
        // nil and live until they are freed here.
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
            unsafe words.forEach { unsafe free($0) }
        }
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, input.reading, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, error.writing, 2)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        Self.fill(&attributes)
        var id: pid_t = 0
        let failure = unsafe posix_spawnp(&id, path, &actions, &attributes, &words, environ)
        guard failure == 0 else { throw SystemError("posix_spawn", number: failure) }
        return id
    }

    /// A group of its own, and signals as any program expects them: this process holds some back,
    /// and ignores broken pipes.
    private static func fill(_ attributes: inout posix_spawnattr_t) {
        var blocked = sigset_t()
        var usual = sigset_t()
        // Safe: the calls fill and read what they are given and keep nothing.
        unsafe sigemptyset(&blocked)
        unsafe sigemptyset(&usual)
        unsafe sigaddset(&usual, SIGPIPE)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
        unsafe posix_spawnattr_setsigdefault(&attributes, &usual)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    func closeReading() {
        close(output.reading)
        close(error.reading)
    }
}
