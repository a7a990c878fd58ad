import MirrorCore
import MirrorSystem
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct CredentialHelperTests {
    private let ann = RegistryCredentials(username: "ann", password: Secret("s3cret"))

    @Test func theProgramIsAskedForTheHostAndGivesTheCredentials() async throws {
        let helper = try await HelperUnderTest()
        try helper.give("ann", "s3cret")
        let source = helper.source()
        for _ in 0..<3 {
            #expect(await source.credentials(for: "auth.test", refused: nil) == ann)
        }
        #expect(await source.credentials(for: "registry.test:5000", refused: nil) == ann)
        #expect(helper.hosts == ["auth.test", "registry.test:5000"])
        #expect(!helper.hasLogged("s3cret"))
    }

    @Test func aProgramThatFailsIsSaidSoWithWhatToDo() async throws {
        let helper = try await HelperUnderTest()
        let source = helper.source()
        for _ in 0..<3 {
            #expect(await source.credentials(for: "auth.test", refused: nil) == nil)
        }
        #expect(helper.hosts.count == 1, "it is not run for each request")
        let record = try #require(helper.sink.records.first)
        #expect(record.level == .error)
        #expect(record.message.contains("run it by hand"))
        let fields = Dictionary(uniqueKeysWithValues: record.fields.map { ($0.name, $0.value) })
        #expect(fields["command"] == .string(helper.command))
        #expect(fields["host"] == .string("auth.test"))
        #expect("\(String(describing: fields["error"]))".contains("status 1: cat: "))
    }

    @Test func aProgramThatIsNotThereFailsToo() async {
        let sink = RecordingSink()
        let source = CredentialHelper(
            "/nowhere/helper", lifetime: nil, logger: Logger(sink: sink))
        #expect(await source.credentials(for: "auth.test", refused: nil) == nil)
        #expect("\(sink.records)".contains("No such file"))
    }

    /// The first run is held until all have asked; so nobody came after it.
    @Test func oneRunIsForAllWhoWait() async {
        let runs = Mutex<[String]>([])
        let goes = ThreadSignal()
        let ann = ann
        let source = CredentialHelper("x", lifetime: .zero, logger: .disabled, now: { 1 }) {
            host, _ in
            runs.withLock { $0.append(host) }
            goes.wait()
            return .credentials(ann)
        }
        await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask { await source.credentials(for: "auth.test", refused: nil) }
            }
            // Each of them has got as far as it gets by itself.
            for _ in 0..<200 { await Task.yield() }
            for _ in 0..<20 { goes.post() }
            for await found in group { #expect(found == ann) }
        }
        #expect(runs.withLock { $0.count } < 20)
    }

    @Test func credentialsThatWereRefusedAreAskedForAnew() async {
        let count = Atomic<Int>(0)
        let source = CredentialHelper("x", lifetime: nil, logger: .disabled, now: { 1 }) {
            _, hidden in
            let number = count.wrappingAdd(1, ordering: .relaxed).newValue
            #expect(number == 1 || hidden.contains(Secret("1")))
            return .credentials(
                RegistryCredentials(username: "ann", password: Secret("\(number)")))
        }
        let first = await source.credentials(for: "auth.test", refused: nil)
        let second = await source.credentials(for: "auth.test", refused: first)
        #expect(first?.secret.revealed == "1" && second?.secret.revealed == "2")
        #expect(await source.credentials(for: "auth.test", refused: first) == second)
        #expect(count.load(ordering: .relaxed) == 2)
    }
}
