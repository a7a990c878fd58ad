/// Jobs in the order they came, in one array that is reused.
package struct JobQueue {
    private var jobs: [UnownedJob] = []
    private var head = 0

    package init() {}

    package var count: Int { jobs.count - head }
    package var isEmpty: Bool { head == jobs.count }

    package mutating func append(_ job: UnownedJob) {
        jobs.append(job)
    }

    package mutating func popFirst() -> UnownedJob? {
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        }
        return job
    }

    /// Takes all jobs of `other`, leaving it empty.
    package mutating func takeAll(of other: inout JobQueue) {
        if isEmpty {
            swap(&self, &other)
        } else {
            while let job = other.popFirst() { append(job) }
        }
    }
}
