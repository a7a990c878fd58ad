import MirrorCore
import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Many connections, and what is left of them.
@Suite(.timeLimit(.minutes(10))) struct ManyConnectionsTests {
    @Test func manyIdleConnectionsDoNotDisturbTheOthers() async throws {
        let server = try await ServerUnderTest { request in .text(request.head.target) }
        var idle: [RawClient] = []
        // As many as descriptors allow: each connection takes two of this process.
        let wanted = min(2000, max(50, DescriptorLimit.raise(to: 8192) / 4))
        while idle.count < wanted { idle.append(try await server.connect()) }
        let active = try await server.connect()
        for number in 0..<100 {
            #expect(try await active.ask("GET /\(number)").text == "/\(number)")
        }
        for (number, client) in idle.enumerated() where number % 50 == 0 {
            #expect(try await client.ask("GET /idle").text == "/idle")
        }
        for client in idle { client.close() }
        active.close()
        try await untilNoneIsOpen(server)
    }

    @Test func manyClientsAtOnceGetTheirOwnAnswers() async throws {
        let server = try await ServerUnderTest { request in
            .text(String(repeating: request.head.target, count: 500))
        }
        try await withThrowingTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    let client = try await server.connect()
                    for round in 0..<5 {
                        let target = "/\(number)-\(round)"
                        let answer = try await client.ask("GET \(target)")
                        #expect(answer.text == String(repeating: target, count: 500))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aClientThatLeavesInABodyLeavesNothingBehind() async throws {
        let folder = try TemporaryFolder()
        let file = try SharedFile.open("\(folder.path)/sparse", for: .creating)
        try file.truncate(to: 1 << 30)
        let content = FileContent(FileRegion(file: file, range: 0..<1 << 30))
        let server = try await ServerUnderTest { _ in Response(.ok, body: .content(content, nil)) }
        for _ in 0..<10 {
            let client = try await server.connect()
            try await client.sendLines("GET / HTTP/1.1", "Host: m")
            _ = try await client.receive(100_000)
            client.close()
        }
        await server.exchanges.completed(10)
        #expect(server.exchanges.all.allSatisfy { $0.failure != nil })
        #expect(server.exchanges.all.allSatisfy { $0.bytesSent < 1 << 30 })
        try await untilNoneIsOpen(server)
    }

    /// Fails by the suite's time limit when some stay open.
    private func untilNoneIsOpen(_ server: ServerUnderTest) async throws {
        while try ServerSockets.count(atPort: server.server.port) > 0 {
            let client = try await server.connect()
            _ = try await client.ask("GET /gone", "Connection: close")
            _ = await client.receiveAll()
        }
    }
}
