import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct ConnectRaceTests {
    private let loop = TestLoops.group.loops[0]
    private let listener: ListeningSocket
    /// A port that is ours and at which nobody listens.
    private let refusing: PortReservation

    init() throws {
        refusing = try PortReservation(host: "127.0.0.1")
        listener = try ListeningSocket(try #require(SocketAddress(host: "127.0.0.1", port: 0)))
    }

    /// Runs a race and closes what it wins.
    private func race(
        to addresses: [SocketAddress], deadline: Deadline = Deadline(in: .seconds(30))
    ) async throws(ClientError) {
        let loop = loop
        let descriptor = try await loop.run { () async throws(ClientError) in
            try await ConnectRace.connect(to: addresses, on: loop, deadline: deadline).descriptor
        }
        StreamSocket.close(descriptor)
    }

    private func failure(
        of addresses: [SocketAddress], deadline: Deadline = Deadline(in: .seconds(30))
    ) async -> ClientError? {
        await #expect(throws: ClientError.self) {
            try await race(to: addresses, deadline: deadline)
        }
    }

    @Test func whoAnswersWins() async throws {
        try await race(to: [listener.address])
        #expect(listener.acceptWaiting() != nil)
    }

    @Test func addressesThatRefuseAreLeftBehind() async throws {
        let elsewhere = try #require(SocketAddress(host: "::1", port: refusing.address.port))
        try await race(to: [refusing.address, elsewhere, refusing.address, listener.address])
        #expect(listener.acceptWaiting() != nil)
    }

    @Test func everyAddressThatRefusedIsNamed() async throws {
        let other = try PortReservation(host: "127.0.0.1")
        let error = await failure(of: [refusing.address, other.address])
        #expect(error?.code == .unreachable)
        #expect(error?.reason.contains("connecting to \(refusing.address): ") == true)
        #expect(error?.reason.contains("connecting to \(other.address): ") == true)
    }

    @Test func noMoreThanEightAddressesAreTried() async throws {
        let eight = Array(repeating: refusing.address, count: 8)
        #expect(await failure(of: eight + [listener.address])?.code == .unreachable)
        try await race(to: eight.dropLast() + [listener.address])
    }

    @Test func nothingIsTriedAfterTheDeadline() async throws {
        let error = await failure(of: [listener.address], deadline: Deadline(in: .zero))
        #expect(error?.code == .timedOut)
        #expect(try listener.accept() == nil)
    }

    @Test func aCancelledTaskConnectsToNobody() async {
        let cancelled = Gate()
        let error = await withTaskGroup(of: ClientError?.self) { tasks in
            tasks.addTask {
                await cancelled.wait()
                return await failure(of: [listener.address])
            }
            tasks.cancelAll()
            cancelled.open()
            return await tasks.next() ?? nil
        }
        #expect(error?.code == .cancelled)
    }
}
