import MirrorCore
import MirrorHTTP

/// All that is taken in anew when the program is told to.
struct Reloads: Sendable {
    private let items: [any Reloadable]
    private let logger: Logger

    init(_ items: [any Reloadable], logger: Logger) {
        self.items = items
        self.logger = logger
    }

    /// Takes each in by itself: one that cannot be does not hold up the others.
    func run() async {
        for item in items {
            do throws(ReloadError) {
                try await item.reload()
                logger.info("\(item.reloadName) reloaded")
            } catch {
                logger.error(
                    "\(item.reloadName) cannot be reloaded; what was in use stays in use",
                    LogField("error", error.description))
            }
        }
    }
}
