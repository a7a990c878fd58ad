import Testing

@testable import MirrorCore

/// What an eviction costs, counted in items looked at and places changed in heaps.
@Suite struct EvictionCostTests {
    private static let evictionCount = 200
    private static let start = WallTime.seconds(1_000)
    private static let timeToLive = Duration.seconds(3600)

    private func digest(_ number: Int) -> Digest? {
        // Numbers that follow each other would fall into one place of a table.
        let word = UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        bytes += Array(repeating: 0, count: 24)
        return Digest(.sha256, hash: bytes.span)
    }

    /// Images of a layer of their own, of 100 bytes, and one that all have.
    private func index(of count: Int) throws -> ImageIndex {
        var index = ImageIndex(
            main: EvictionPolicy(timeToLive: Self.timeToLive, maxAge: .seconds(1_000_000)),
            others: [:], limits: StoreLimits())
        let base = try #require(digest(-1))
        func store(_ kind: CachedItem.Kind, _ digest: Digest, needs: [Digest], at moment: Int) {
            let time = Self.start + .milliseconds(500 * moment)
            index.didStore(
                HeldItem(
                    CachedItem(kind, digest, in: .app), needs: needs, size: needs.isEmpty ? 100 : 0,
                    storedAt: time, lastUse: time))
        }
        store(.blob, base, needs: [], at: -1)
        for number in 0..<count {
            let layer = try #require(digest(2 * number))
            let manifest = try #require(digest(2 * number + 1))
            store(.blob, layer, needs: [], at: 2 * number)
            store(.manifest, manifest, needs: [base, layer], at: 2 * number + 1)
        }
        return index
    }

    /// Lets images go in batches of ten.
    private func evict(_ count: Int, from index: inout ImageIndex, _ situation: EvictionSituation) {
        var situation = situation
        for _ in 0..<count / 10 {
            let victims = index.victims(in: situation, limit: 10)
            #expect(victims.count == 10)
            for victim in victims {
                situation.wantedByteCount -= victim.byteCount
                for item in victim.items { _ = index.didRemove(item) }
            }
        }
    }

    private func moves(of index: ImageIndex) -> Int {
        index.parts.reduce(index.postponed.moveCount) {
            $0 + $1.byUse.moveCount + $1.byAge.moveCount
        }
    }

    /// What it costs to let 200 images go that nobody used for long, and 200 for want of room,
    /// while 50 were used that would have gone.
    private func cost(whileHeld count: Int) throws -> (looks: Int, moves: Int) {
        var index = try index(of: count)
        let (looks, moves) = (index.lookCount, self.moves(of: index))
        for number in 0..<50 {
            let manifest = try #require(digest(2 * number + 1))
            index.didUse(
                CachedItem(.manifest, manifest, in: .app), at: Self.start + .seconds(1_000_000))
        }
        var situation = EvictionSituation(
            now: Self.start + .seconds(Self.evictionCount + 50) + Self.timeToLive)
        evict(Self.evictionCount, from: &index, situation)
        situation.wantedByteCount = 100 * Int64(Self.evictionCount)
        evict(Self.evictionCount, from: &index, situation)
        #expect(index.count == 1 + 2 * (count - 2 * Self.evictionCount))
        return (index.lookCount - looks, self.moves(of: index) - moves)
    }

    @Test func doesNotDependOnHowMuchIsHeld() throws {
        let few = try cost(whileHeld: 1_000)
        let many = try cost(whileHeld: 10_000)
        #expect(few.looks == many.looks)
        #expect(few.looks <= 10 * (2 * Self.evictionCount + 50))
        // A heap of ten times as much is a third as deep again.
        #expect(few.moves > 0 && many.moves < few.moves * 3 / 2)
    }
}
