public import MirrorCore

/// One rule of ``StorageDriver`` that can be tried on any driver.
///
/// The kit uses no test framework. In one that takes arguments, each pair of a driver and a rule
/// is a test of its own:
///
///     @Test(arguments: StorageRule.all)
///     func keeps(_ rule: StorageRule) async throws {
///         try await rule.verify(in: StoragePlace(isLasting: true) { … })
///     }
public struct StorageRule: Sendable, CustomStringConvertible {
    /// What is tried: opens nothing itself that it is given, and leaves the place empty.
    public typealias Check = @Sendable (any StorageDriver, StoragePlace) async throws -> Void

    /// The rule as a sentence.
    public let name: String
    /// Whether the rule opens the place a second time, which must find what the first stored.
    public let needsLastingPlace: Bool

    private let check: Check

    /// States a rule.
    public init(_ name: String, needsLastingPlace: Bool = false, check: @escaping Check) {
        self.name = name
        self.needsLastingPlace = needsLastingPlace
        self.check = check
    }

    /// The rule as a sentence.
    public var description: String { name }

    /// Every rule of the kit. Those that need a lasting place must be left out for a driver
    /// that has none.
    public static let all: [StorageRule] =
        reading + writing + uploading + listing + listingUnfinished + moving + deleting + racing
        + reopening

    /// Tries the rule in a place that holds nothing, and looks whether it holds nothing after.
    ///
    /// - Throws: ``RuleBroken`` with what is wrong, or the error that the driver threw where it
    ///   should not have.
    public func verify(in place: StoragePlace) async throws {
        try require(place.isLasting || !needsLastingPlace, "this rule needs a lasting place")
        let driver = try await place.open()
        try await requireEmpty(driver, "the rule must begin in an empty place")
        try await check(driver, place)
        try await requireEmpty(driver, "something is left behind")
    }

    private func requireEmpty(_ driver: any StorageDriver, _ sentence: String) async throws {
        let names = try await driver.list(.root, after: nil, limit: 10).map(\.name)
        try require(names.isEmpty, "\(sentence): \(names)")
    }
}

/// Somewhere that a storage driver can keep objects.
public struct StoragePlace: Sendable {
    /// Whether each driver that is opened finds what the ones before it have stored.
    public let isLasting: Bool

    /// Makes a driver over the place; when it is lasting, also beside the ones made before.
    public let open: @Sendable () async throws -> any StorageDriver

    /// Describes a place, which holds nothing yet.
    public init(
        isLasting: Bool, open: @escaping @Sendable () async throws -> any StorageDriver
    ) {
        self.isLasting = isLasting
        self.open = open
    }
}
