/// Whether a check counts as failing, by how it went lately.
struct HealthState {
    private let threshold: Int
    private var failureCount = 0
    private var lastFault = ""

    /// A check that is well until it has failed `threshold` times in a row.
    init(threshold: Int) {
        self.threshold = max(threshold, 1)
    }

    /// What is wrong; nil while it counts as well.
    var fault: String? { failureCount < threshold ? nil : lastFault }

    /// The check ended: with what is wrong, or with nil.
    ///
    /// - Returns: whether it counts otherwise from now on.
    mutating func didEnd(_ fault: String?) -> Bool {
        let wasFailing = self.fault != nil
        if let fault {
            lastFault = fault
            failureCount = min(failureCount + 1, threshold)
        } else {
            failureCount = 0
        }
        return wasFailing != (self.fault != nil)
    }
}
