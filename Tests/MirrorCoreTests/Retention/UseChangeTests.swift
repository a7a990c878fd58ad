import Testing

@testable import MirrorCore

/// Lines of the journal.
@Suite struct UseChangeTests {
    private static let short = Digest(of: [1])
    private static let long = Digest(of: [2], by: .sha512)
    private static let used = WallTime.seconds(1_700_000_000)

    private static func known(
        _ kind: CachedItem.Kind, _ digest: Digest, needs: [Digest] = []
    ) -> UseChange {
        .stored(
            HeldItem(
                CachedItem(kind, digest, in: .app), needs: needs, size: 7,
                storedAt: .seconds(1_600_000_000), lastUse: used))
    }

    static let lines: [(UseChange, String)] = [
        (known(.blob, short), "+ 1700000000 1600000000 7 blob \(short) library/app "),
        (known(.manifest, long), "+ 1700000000 1600000000 7 manifest \(long) library/app "),
        (
            known(.manifest, short, needs: [short, long]),
            "+ 1700000000 1600000000 7 manifest \(short) library/app \(short),\(long)"
        ),
        (
            .used(CachedItem(.blob, long, in: .other), at: used),
            "* 1700000000 blob \(long) team/other"
        ),
        (.removed(CachedItem(.blob, long, in: .other)), "- blob \(long) team/other"),
        (.removed(CachedItem(.manifest, short, in: .app)), "- manifest \(short) library/app"),
    ]

    @Test(arguments: lines)
    func aLineSaysAllOfAChange(_ change: UseChange, _ line: String) {
        #expect(change.line == line)
        #expect(UseChange(line: line) == change)
    }

    @Test(arguments: [
        "", " ", "+", "-", "? blob \(short) library/app", "+ blob \(short) library/app",
        "+ x 1 7 blob \(short) library/app", "+ 1 x 7 blob \(short) library/app",
        "+ 1 1 -7 blob \(short) library/app", "+ 1 1 7 layer \(short) library/app",
        "+ 1 1 7 blob sha256:12 library/app", "+ 1 1 7 blob \(short) Library",
        "+ 1 1 7 blob \(short)", "+ 1 blob \(short) library/app",
        "+ 1 1 7 manifest \(short) library/app sha256:12",
        "+ 1 1 7 manifest \(short) library/app \(long),sha256:12",
        "+ 1 1 7 manifest \(short) library/app \(long) \(short)",
        "+ 99999999999999999999 1 7 blob \(short) library/app",
        "* blob \(short) library/app", "* 1 blob \(short)", "* x blob \(short) library/app",
        "* 1 1 blob \(short) library/app", "*",
        "- blob \(short)", "- blob \(short) library/app more", "- 1 blob \(short) library/app",
    ])
    func aLineThatMakesNoSenseIsNone(line: String) {
        #expect(UseChange(line: line) == nil)
    }
}
