/// Finds what somebody meant who wrote a key that does not exist.
enum NearestKey {
    /// The candidate that takes the fewest changes of letters, if it takes few, or else one that
    /// the word begins, or that begins the word; case does not count.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let limit = max(1, word.count / 3)
        let word = word.lowercased()
        let ranked = candidates.map { ($0, distance(word, $0.lowercased())) }
        if let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= limit { return best.0 }
        return candidates.first {
            let candidate = $0.lowercased()
            return min(word.count, candidate.count) >= 3
                && (candidate.hasPrefix(word) || word.hasPrefix(candidate))
        }
    }

    /// How many letters must be added, left out, replaced or swapped with their neighbour to make
    /// one word of the other. Words of which one is very long are simply far apart.
    static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first.utf8), Array(second.utf8))
        guard max(a.count, b.count) <= 64 else { return max(a.count, b.count) }
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(
                    rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
