public import MirrorCore

extension MetricSource {
    /// The number of a family that has these values for its labels, in their order; nil where
    /// there is none.
    public func count(_ name: String, _ labels: String...) -> Int64? {
        let sample = metrics.first { $0.name == name }?.samples.first { $0.labels == labels }
        switch sample?.value {
        case .count(let count): return count
        case .number(let number): return Int64(number)
        case .distribution(let distribution): return distribution.count
        case nil: return nil
        }
    }
}
