internal import Synchronization

/// Whether clients are being given what is held.
final class ReadActivity: Sendable {
    private let hasRead = Atomic<Bool>(false)

    /// Somebody is given a part of what is held. Seldom more than a look, so that event loops do
    /// not contend for it.
    func didRead() {
        if !hasRead.load(ordering: .relaxed) { hasRead.store(true, ordering: .relaxed) }
    }

    /// Whether anybody was since this was last asked.
    func take() -> Bool {
        hasRead.exchange(false, ordering: .relaxed)
    }
}
