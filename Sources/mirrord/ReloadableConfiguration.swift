import MirrorCore
import MirrorHTTP

/// What a running program takes from its configuration anew: the level of the log. All else counts
/// from the next start, and is told of.
struct ReloadableConfiguration: Reloadable {
    private let running: Configuration
    private let logger: Logger
    private let load: @Sendable () throws -> LoadedConfiguration

    /// - Parameter load: reads the configuration as it was read at the start.
    init(
        running: Configuration, logger: Logger,
        load: @escaping @Sendable () throws -> LoadedConfiguration
    ) {
        self.running = running
        self.logger = logger
        self.load = load
    }

    var reloadName: String { "configuration" }

    func reload() async throws(ReloadError) {
        let loaded: LoadedConfiguration
        do { loaded = try load() } catch { throw ReloadError("\(error)") }
        for warning in loaded.warnings { logger.warning(warning.description) }
        logger.changeLevel(to: loaded.configuration.log.level)
        var comparable = loaded.configuration
        comparable.log.level = running.log.level
        if comparable != running {
            logger.warning(
                "more than log.level has changed in the configuration: restart for it to count")
        }
    }
}
