internal import MirrorCore
internal import MirrorSystem

extension UserTable {
    /// Longer files are not read, in bytes.
    private static let fileByteLimit = 4 << 20

    /// Reads a file, and tells of passwords in it by which nobody gets in. It blocks.
    init(at path: String, logger: Logger) throws(ReloadError) {
        let bytes: [UInt8]
        do throws(WholeFile.Failure) {
            bytes = try WholeFile.read(path, limit: Self.fileByteLimit)
        } catch {
            throw ReloadError("\(path): \(error.reason)")
        }
        do throws(Fault) { try self.init(bytes) } catch {
            throw ReloadError("\(path): \(error.reason)")
        }
        warn(path, logger)
    }

    /// The table of nobody, where there is no file, which is told of; nil where there is one. It
    /// blocks.
    static func none(at path: String, logger: Logger) -> UserTable? {
        guard isMissing(path), let table = try? UserTable([]) else { return nil }
        logger.error(
            "there is no file of users, so nobody gets in: make it with htpasswd -Bc",
            LogField("file", path))
        return table
    }

    private static func isMissing(_ path: String) -> Bool {
        do { return try FileStatus(at: path) == nil } catch { return false }
    }

    private func warn(_ path: String, _ logger: Logger) {
        if !uselessLines.isEmpty {
            logger.warning(
                "some passwords are hashed otherwise than with bcrypt, or at too high a cost, and "
                    + "nobody gets in by them: hash them with htpasswd -B",
                LogField("file", path),
                LogField("lines", uselessLines.map { "\($0)" }.joined(separator: " ")))
        }
        if count == 0 {
            logger.warning(
                "the file of users names nobody who can get in: add users with htpasswd -B",
                LogField("file", path))
        }
    }
}
