internal import MirrorSystem

/// Something that is looked at now and then, and has to be well for a mirror to be of use.
public struct HealthCheck: Sendable {
    /// What it is called where it is told of.
    public let name: String
    /// From one look to the next. One that has not ended by then counts as failed.
    public let interval: Duration
    /// How often in a row it has to fail to count; at least once.
    public let threshold: Int
    /// Whether clients are turned away while it fails; otherwise the mirror only counts as not
    /// ready.
    public let turnsClientsAway: Bool
    /// What is wrong; nil when nothing is.
    let fault: @Sendable () async -> String?

    /// A check by whatever means.
    ///
    /// - Parameter fault: says what is wrong; nil when nothing is. It may hang without harm.
    public init(
        _ name: String, every interval: Duration = .seconds(10), threshold: Int = 1,
        turnsClientsAway: Bool = true, fault: @escaping @Sendable () async -> String?
    ) {
        self.name = name
        self.interval = interval
        self.threshold = threshold
        self.turnsClientsAway = turnsClientsAway
        self.fault = fault
    }

    /// Whether a storage driver answers. One that is full, or cannot be written, does.
    ///
    /// - Parameter kind: of the driver, such as `filesystem`.
    public static func storage(
        _ driver: any StorageDriver, kind: String, every interval: Duration = .seconds(10),
        threshold: Int = 1, turnsClientsAway: Bool = true
    ) -> HealthCheck {
        HealthCheck(
            "storagedriver_\(kind)", every: interval, threshold: threshold,
            turnsClientsAway: turnsClientsAway
        ) {
            do throws(StorageError) {
                _ = try await driver.list(.root, after: nil, limit: 1)
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    /// Whether there is no file at a path: it is put there to take the mirror out of service.
    public static func noFile(
        at path: String, every interval: Duration = .seconds(10), threshold: Int = 1
    ) -> HealthCheck {
        HealthCheck(path, every: interval, threshold: threshold) {
            await BlockingPool.shared.run {
                do throws(SystemError) {
                    return try FileStatus(at: path) == nil ? nil : "file exists"
                } catch {
                    return "\(error)"
                }
            }
        }
    }
}
