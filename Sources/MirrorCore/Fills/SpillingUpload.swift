internal import Synchronization

/// An upload that goes on in memory when the storage takes no more of it, as far as there is
/// room there. Its end tries the storage once more.
final class SpillingUpload: StorageUpload {
    private static let blockByteCount: Int64 = 1 << 20

    private struct State {
        /// What the storage has of it, until all is in memory.
        var base: (any StorageUpload)?
        /// Why it goes on in memory; nil while it does not.
        var error: StorageError?
        var spilled = SpilledBytes()
        /// Room that was taken and is not in use yet.
        var spare: Int64 = 0
        /// All room that was taken.
        var taken: Int64 = 0
    }

    private let digest: Digest
    private let room: RoomMaker
    private let logger: Logger
    // Weak, for both may keep this.
    private weak let fill: Fill?
    private weak let memory: SpillMemory?
    private let state: Mutex<State>

    /// Writes to `base` while that takes it.
    convenience init(_ base: any StorageUpload, at site: FillSite) {
        self.init(base: base, at: site)
    }

    /// Goes on in memory from the start, for the storage takes nothing.
    convenience init(without error: StorageError, at site: FillSite) {
        self.init(base: nil, at: site)
        noteSpill(error)
    }

    private init(base: (any StorageUpload)?, at site: FillSite) {
        digest = site.fill.digest
        room = site.store.room
        logger = site.logger
        fill = site.fill
        memory = site.memory
        state = Mutex(State(base: base))
    }

    deinit {
        memory?.giveBack(state.withLock { $0.taken })
    }

    private var base: (any StorageUpload)? { state.withLock { $0.base } }

    /// Whether some of it may be in memory only.
    var isSpilled: Bool { state.withLock { $0.error != nil } }

    // MARK: Reading

    var size: Int64 {
        let (base, end) = state.withLock { ($0.base, $0.spilled.end) }
        return max(base?.size ?? 0, end)
    }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        let (base, bytes, next) = state.withLock { state in
            let bytes = state.spilled.read(at: offset, limit: limit)
            return (state.base, bytes, state.spilled.next(behind: offset))
        }
        if let bytes { return bytes }
        let limit = min(limit, Int(clamping: (next ?? .max) - offset))
        if let base, offset < base.size { return try await base.read(at: offset, limit: limit) }
        // A gap that nobody has written holds any bytes.
        return next == nil ? [] : [0]
    }

    func region(_ range: Range<Int64>) -> FileRegion? {
        let (base, isElsewhere) = state.withLock { ($0.base, $0.spilled.overlaps(range)) }
        guard let base, !isElsewhere, range.upperBound <= base.size else { return nil }
        return base.region(range)
    }

    // MARK: Writing

    func write(_ bytes: [UInt8], at offset: Int64) async throws(StorageError) {
        if !isSpilled, let base {
            do throws(StorageError) {
                return try await room.run(for: rest ?? Int64(bytes.count)) {
                    () async throws(StorageError) in
                    try await base.write(bytes, at: offset)
                }
            } catch {
                noteSpill(error)
            }
        }
        try spill(bytes, at: offset)
    }

    /// What of the blob is still to come, in bytes, if that is known.
    private var rest: Int64? {
        fill?.read { state in state.total.map { max(0, $0 - state.plan.arrived.count) } }
    }

    private func noteSpill(_ error: StorageError) {
        let isFirst = state.withLock { state in
            defer { state.error = state.error ?? error }
            return state.error == nil
        }
        guard isFirst else { return }
        logger.error(
            "storage takes no more of a blob, which goes on in memory",
            LogField("digest", digest.text), LogField("error", "\(error)"))
    }

    /// Room for all that is to come is taken at once, so that nobody waits for what has none.
    private func spill(_ bytes: [UInt8], at offset: Int64) throws(StorageError) {
        let count = Int64(bytes.count)
        let (spare, error) = state.withLock { ($0.spare, $0.error) }
        guard spare >= count || reserve(max(count, rest ?? 0) - spare) else {
            throw Self.noRoom(error)
        }
        keep(bytes, at: offset)
    }

    private func keep(_ bytes: [UInt8], at offset: Int64) {
        state.withLock { state in
            state.spare -= Int64(bytes.count)
            state.spilled.insert(bytes, at: offset)
        }
    }

    /// Takes room in memory; false when there is none.
    func reserve(_ byteCount: Int64) -> Bool {
        guard memory?.take(byteCount) == true else { return false }
        state.withLock { state in
            state.taken += byteCount
            state.spare += byteCount
        }
        return true
    }

    private static func noRoom(_ error: StorageError?) -> StorageError {
        error ?? StorageError(.outOfSpace, at: .root, reason: "no room is left in memory")
    }

    // MARK: Ends

    func commit(to key: StorageKey) async throws(StorageError) {
        let (base, error, spilled) = state.withLock { ($0.base, $0.error, $0.spilled) }
        guard let base else { throw Self.noRoom(error) }
        for part in spilled.parts { try await base.write(part.bytes, at: part.start) }
        try await base.commit(to: key)
    }

    func suspend() async {
        await base?.suspend()
    }

    func abandon() async {
        await base?.abandon()
    }

    /// Ends it as ``abandon()`` does, with all that was written in memory.
    ///
    /// - Returns: false when there is no room for that.
    func moveIntoMemory() async -> Bool {
        let isMoved = await readIntoMemory()
        await abandon()
        // An open file without a name would keep a disk full.
        if isMoved { state.withLock { $0.base = nil } }
        return isMoved
    }

    private func readIntoMemory() async -> Bool {
        guard let base else { return true }
        let gaps = state.withLock { $0.spilled.ranges }.gaps(in: 0..<size)
        guard reserve(gaps.reduce(0) { $0 + Int64($1.count) }) else { return false }
        for gap in gaps {
            var offset = gap.lowerBound
            while offset < gap.upperBound {
                let limit = Int(min(Self.blockByteCount, gap.upperBound - offset))
                guard let bytes = try? await base.read(at: offset, limit: limit), !bytes.isEmpty
                else { return false }
                keep(bytes, at: offset)
                offset += Int64(bytes.count)
            }
        }
        return true
    }
}
