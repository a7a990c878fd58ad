internal import MirrorSystem

/// Measures how long another driver takes, under the names that the reference registry has for
/// what storage does.
public struct MeteredDriver: StorageDriver, MetricSource {
    private enum Action: String, CaseIterable {
        case reader = "Reader"
        case writer = "Writer"
        case putContent = "PutContent"
        case stat = "Stat"
        case list = "List"
        case move = "Move"
        case delete = "Delete"

        var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    private let base: any StorageDriver
    private let name: String
    private let times = Action.allCases.map { _ in Histogram(.seconds) }

    /// Measures `base`, a driver of the kind that is called `name`, such as `filesystem`.
    public init(_ base: any StorageDriver, name: String) {
        self.base = base
        self.name = name
    }

    /// How long each kind of action took, those that failed included.
    public var metrics: [MetricFamily] {
        var family = MetricFamily(
            .histogram, "registry_storage_action_seconds",
            "How long the storage took, by what it did.", by: "driver", "action")
        for action in Action.allCases {
            family.add(.distribution(times[action.place].distribution), name, action.rawValue)
        }
        return [family]
    }

    private func measure<Value: Sendable>(
        _ action: Action, _ work: () async throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        let start = MonotonicClock.nanoseconds
        defer { times[action.place].record(Int64(clamping: MonotonicClock.nanoseconds - start)) }
        return try await work()
    }

    // MARK: What is measured

    /// Opens, and measures it.
    public func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try await measure(.reader) { () async throws(StorageError) in try await base.open(key) }
    }

    /// Opens an unfinished write, and measures it.
    public func unfinished(
        at key: StorageKey
    ) async throws(StorageError) -> (any StoredObject)? {
        try await measure(.reader) { () async throws(StorageError) in
            try await base.unfinished(at: key)
        }
    }

    /// Opens for writing, and measures that.
    public func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload {
        try await measure(.writer) { () async throws(StorageError) in
            try await base.upload(at: key)
        }
    }

    /// Writes a whole object, and measures it.
    public func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try await measure(.putContent) { () async throws(StorageError) in
            try await base.put(bytes, at: key)
        }
    }

    /// Asks, and measures it.
    public func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo? {
        try await measure(.stat) { () async throws(StorageError) in try await base.stat(key) }
    }

    /// Lists, and measures it.
    public func list(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await measure(.list) { () async throws(StorageError) in
            try await base.list(key, after: after, limit: limit)
        }
    }

    /// Lists unfinished writes, and measures it.
    public func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await measure(.list) { () async throws(StorageError) in
            try await base.listUnfinished(key, after: after, limit: limit)
        }
    }

    /// Moves, and measures it.
    @discardableResult
    public func move(
        _ source: StorageKey, to destination: StorageKey
    ) async throws(StorageError) -> Bool {
        try await measure(.move) { () async throws(StorageError) in
            try await base.move(source, to: destination)
        }
    }

    /// Removes, and measures it.
    @discardableResult
    public func delete(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await measure(.delete) { () async throws(StorageError) in try await base.delete(key) }
    }

    /// Removes what nobody uses, and measures it.
    @discardableResult
    public func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await measure(.delete) { () async throws(StorageError) in
            try await base.deleteUnused(key)
        }
    }

    // MARK: What is not

    /// Asks whether it is in use.
    public func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await base.isInUse(key)
    }

    /// Asks how much room there is.
    public func space() async throws(StorageError) -> StorageSpace? { try await base.space() }

    /// Has the storage tidied.
    public func sweep() async throws(StorageError) { try await base.sweep() }
}
