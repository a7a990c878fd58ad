import Glibc
import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Where a server can listen.
@Suite(.timeLimit(.minutes(10))) struct ListenTests {
    private func client(at host: String, _ server: ServerUnderTest) async throws -> RawClient {
        try await RawClient(to: try #require(SocketAddress(host: host, port: server.server.port)))
    }

    private func whoAsks(at address: ListenAddress) async throws -> ServerUnderTest {
        try await ServerUnderTest(at: address) { request in .text(request.remoteAddress) }
    }

    @Test func anyPortIsChosenAndTold() async throws {
        let server = try await whoAsks(at: .tcp(host: "localhost", port: 0))
        #expect(server.server.port != 0)
        #expect(server.server.address == "127.0.0.1:\(server.server.port)")
        #expect(try await server.connect().ask("GET /").text == "127.0.0.1")
    }

    /// A name that the resolver knows without asking anybody.
    @Test func aNameStandsForItsAddress() async throws {
        let server = try await whoAsks(at: .tcp(host: "127.1", port: 0))
        #expect(server.server.address == "127.0.0.1:\(server.server.port)")
        #expect(try await server.connect().ask("GET /").text == "127.0.0.1")
    }

    @Test func anIPv6AddressIsServed() async throws {
        let server = try await whoAsks(at: .tcp(host: "::1", port: 0))
        #expect(server.server.address == "[::1]:\(server.server.port)")
        #expect(try await client(at: "::1", server).ask("GET /").text == "::1")
    }

    @Test func everyAddressMeansBothFamilies() async throws {
        let server = try await whoAsks(at: .tcp(host: nil, port: 0))
        #expect(try await client(at: "::1", server).ask("GET /").text == "::1")
        #expect(try await client(at: "127.0.0.1", server).ask("GET /").text == "127.0.0.1")
    }

    @Test func aPortInUseIsNamedInTheError() async throws {
        let server = try await whoAsks(at: .tcp(host: "127.0.0.1", port: 0))
        let address = ListenAddress.tcp(host: "127.0.0.1", port: server.server.port)
        let error = await #expect(throws: StartError.self) { try await whoAsks(at: address) }
        #expect(error?.description.contains("127.0.0.1:\(server.server.port)") == true)
    }

    @Test func aNameIsNoAddressToListenAt() async throws {
        await #expect(throws: StartError.self) {
            try await whoAsks(at: .tcp(host: "example.test", port: 0))
        }
    }

    @Test(arguments: [
        ("127.0.0.1:5000", ListenAddress.tcp(host: "127.0.0.1", port: 5000)),
        (":5000", .tcp(host: nil, port: 5000)),
        ("[::1]:80", .tcp(host: "::1", port: 80)),
        ("localhost:0", .tcp(host: "localhost", port: 0)),
        ("5000", nil), ("::1:80", nil), ("a:", nil), ("a:70000", nil), ("a:+1", nil),
        ("[127.0.0.1]:80", nil), ("http://a:80", nil), ("", nil),
    ])
    func addressesAreRead(_ text: String, _ expected: ListenAddress?) {
        #expect(ListenAddress(tcp: text) == expected)
        if let expected, text != ":5000" { #expect(expected.description == text) }
    }

    // MARK: Inherited sockets

    /// A socket as a service manager opens it, and the descriptor that it hands to a process.
    private func managed(_ host: String) throws -> (ListeningSocket, handed: Int32) {
        let socket = try ListeningSocket(try #require(SocketAddress(host: host, port: 0)))
        return (socket, dup(socket.descriptor))
    }

    @Test func inheritedSocketsAreServedAllOfThem() async throws {
        let (first, second) = (try managed("127.0.0.1"), try managed("::1"))
        let server = try await whoAsks(
            at: .inherited(descriptors: [first.handed, second.handed]))
        #expect(server.server.address == "\(first.0.address), \(second.0.address)")
        for (socket, host) in [(first.0, "127.0.0.1"), (second.0, "::1")] {
            #expect(try await RawClient(to: socket.address).ask("GET /").text == host)
        }
    }

    @Test func afterAStopClientsWaitForTheNextProcess() async throws {
        let (socket, handed) = try managed("127.0.0.1")
        let first = try await whoAsks(at: .inherited(descriptors: [handed]))
        #expect(try await RawClient(to: socket.address).ask("GET /").status == 200)
        await first.server.stop(drainingFor: .zero)
        let waiting = try await RawClient(to: socket.address)
        try await waiting.sendRequest("GET /")
        let next = try await whoAsks(at: .inherited(descriptors: [dup(socket.descriptor)]))
        #expect(try await waiting.receiveAnswer().status == 200)
        await next.server.stop(drainingFor: .zero)
    }

    @Test func aDescriptorThatIsNoListenerIsRefused() async throws {
        let folder = try TemporaryFolder()
        let file = try SharedFile.open("\(folder.path)/file", for: .creating)
        let error = await #expect(throws: StartError.self) {
            try await whoAsks(at: .inherited(descriptors: [file.descriptor]))
        }
        #expect(error?.description.hasPrefix("cannot listen at inherited sockets") == true)
    }

    // MARK: Unix sockets

    @Test func aUnixSocketIsServedAndRemovedAtTheEnd() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/mirror.sock"
        let address = try #require(SocketAddress(unixPath: path))
        let server = try await whoAsks(at: .unix(path: path))
        #expect(server.server.address == path)
        let client = try await RawClient(to: address)
        #expect(try await client.ask("GET /").text == "@")
        await server.server.stop(drainingFor: .zero)
        #expect(try FileStatus(at: path) == nil)
    }

    @Test func aServerThatHasStoppedLeavesItsSuccessorsSocketAlone() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/mirror.sock"
        let address = try #require(SocketAddress(unixPath: path))
        var first: ServerUnderTest? = try await whoAsks(at: .unix(path: path))
        await first?.server.stop(drainingFor: .zero)
        let next = try await whoAsks(at: .unix(path: path))
        first = nil
        #expect(try await RawClient(to: address).ask("GET /").status == 200)
        await next.server.stop(drainingFor: .zero)
    }

    @Test func aSocketThatNobodyListensAtIsReplaced() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/mirror.sock"
        let address = try #require(SocketAddress(unixPath: path))
        let elsewhere = try #require(SocketAddress(unixPath: "\(folder.path)/moved.sock"))
        do {
            // A file whose socket is gone, as a killed process leaves it.
            let dead = try ListeningSocket(elsewhere)
            try FileNames.rename(elsewhere.host, to: path)
            _ = dead
        }
        #expect(try FileStatus(at: path) != nil)
        let server = try await whoAsks(at: .unix(path: path))
        #expect(try await RawClient(to: address).ask("GET /").status == 200)
        await server.server.stop(drainingFor: .zero)
    }

    @Test func aSocketInUseIsRefused() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/mirror.sock"
        let server = try await whoAsks(at: .unix(path: path))
        await #expect(throws: StartError.self) { try await whoAsks(at: .unix(path: path)) }
        let address = try #require(SocketAddress(unixPath: path))
        #expect(try await RawClient(to: address).ask("GET /").status == 200)
        await server.server.stop(drainingFor: .zero)
    }

    @Test func aFileThatIsNoSocketIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/precious"
        try SharedFile.open(path, for: .creating).write([1, 2, 3], at: 0)
        await #expect(throws: StartError.self) { try await whoAsks(at: .unix(path: path)) }
        #expect(try FileStatus(at: path)?.size == 3)
    }

    @Test func aPathThatTheKernelCannotTakeIsAnError() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        await #expect(throws: StartError.self) { try await whoAsks(at: .unix(path: path)) }
    }
}
