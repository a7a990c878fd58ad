import MirrorTesting
import Synchronization
import Testing

@testable import MirrorCore

@Suite struct SingleFlightTests {
    private let flight = SingleFlight<String, Int, UpstreamError>()
    private let runs = Counter()

    final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }

        func next() -> Int {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }

    @Test func doesTheWorkOnceForAllWhoWait() async throws {
        let started = Gate()
        let goesOn = Gate()
        let runs = runs
        flight.begin("key") { () async throws(UpstreamError) in
            started.open()
            await goesOn.wait()
            return runs.next()
        }
        await started.wait()
        try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            for _ in 0..<20 {
                // An immediate child has joined the flight when it comes to its first wait.
                group.addImmediateTask {
                    let (value, isShared) = try await flight.value(for: "key") {
                        () async throws(UpstreamError) in runs.next()
                    }
                    return (value, isShared)
                }
            }
            goesOn.open()
            for try await (value, isShared) in group { #expect(value == 1 && isShared) }
        }
        #expect(runs.count == 1)
    }

    @Test func saysWhoBeganTheWork() async throws {
        let (value, isShared) = try await flight.value(for: "key") {
            () async throws(UpstreamError) in 7
        }
        #expect(value == 7 && !isShared)
    }

    @Test func sharesAFailureAndForgetsIt() async throws {
        let goesOn = Gate()
        flight.begin("key") { () async throws(UpstreamError) in
            await goesOn.wait()
            throw UpstreamError(.denied, "no")
        }
        await withTaskGroup(of: UpstreamError?.self) { group in
            for _ in 0..<5 {
                group.addImmediateTask {
                    do throws(UpstreamError) {
                        _ = try await flight.value(for: "key") { () async throws(UpstreamError) in
                            1
                        }
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            goesOn.open()
            for await error in group { #expect(error?.code == .denied) }
        }
        let again = try await flight.value(for: "key") { () async throws(UpstreamError) in 2 }
        #expect(again.value == 2)
    }

    @Test func goesOnWhenTheOneWhoBeganItLeaves() async throws {
        let started = Gate()
        let goesOn = Gate()
        let runs = runs
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? await flight.value(for: "key") { () async throws(UpstreamError) in
                    started.open()
                    await goesOn.wait()
                    return Task.isCancelled ? -1 : runs.next()
                }
            }
            await started.wait()
            group.cancelAll()
            goesOn.open()
        }
        #expect(runs.count == 1)
    }

    @Test func keepsKeysApart() async throws {
        let goesOn = Gate()
        flight.begin("slow") { () async throws(UpstreamError) in
            await goesOn.wait()
            return 1
        }
        let other = try await flight.value(for: "fast") { () async throws(UpstreamError) in 2 }
        #expect(other.value == 2 && !other.isShared)
        goesOn.open()
    }
}
