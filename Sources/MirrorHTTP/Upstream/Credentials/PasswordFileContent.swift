internal import MirrorCore
internal import MirrorSystem

/// Why a password file cannot be used.
public struct PasswordFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it, in a few words.
    public let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// File and reason.
    public var description: String { "\(path): \(reason)" }
}

/// A password as it was read from a file.
struct PasswordFileContent: Sendable {
    /// Longer files hold no password, in bytes.
    private static let byteLimit = 64 << 10

    /// How old a change has to be before the next is sure to leave another time behind, in seconds.
    private static let settledAge: Int64 = 2

    let password: Secret
    /// What tells this content from later ones; nil where it might not.
    let status: FileStatus?

    /// Reads the file at `path`. It blocks.
    init(at path: String) throws(PasswordFileError) {
        // Asked for before the bytes are: a change between the two is seen by the next look.
        let status = try Self.status(of: path)
        let isSettled = status.modified + Self.settledAge <= secondsSince1970()
        self.status = isSettled ? status : nil
        let bytes: [UInt8]
        do throws(WholeFile.Failure) {
            bytes = try WholeFile.read(path, limit: Self.byteLimit)
        } catch {
            throw PasswordFileError(path, error.reason)
        }
        guard let text = String(validating: Self.line(bytes), as: UTF8.self) else {
            throw PasswordFileError(path, "it is not text in UTF-8")
        }
        guard !text.isEmpty else { throw PasswordFileError(path, "it is empty") }
        password = Secret(text)
    }

    /// What tells the content of the file at `path` from others. It blocks.
    static func status(of path: String) throws(PasswordFileError) -> FileStatus {
        let status: FileStatus?
        do throws(SystemError) {
            status = try FileStatus(at: path)
        } catch {
            throw PasswordFileError(path, error.description)
        }
        guard let status else { throw PasswordFileError(path, "there is no such file") }
        guard status.kind == .file else { throw PasswordFileError(path, "it is no file") }
        return status
    }

    /// Without the line end that editors put at the end of a file.
    private static func line(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var line = bytes[...]
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
