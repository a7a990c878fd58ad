import Glibc

/// Reads small files whole: configuration, key and secret files.
package enum WholeFile {
    /// Why a file could not be read.
    package enum Failure: Error, Hashable, Sendable {
        /// The system refused, with this `errno`.
        case system(Int32)
        /// The file has more bytes than were allowed.
        case tooLong(limit: Int)

        /// The reason in a few words: `No such file or directory`.
        package var reason: String {
            switch self {
            case .tooLong(let limit): "it has more than \(limit) bytes"
            case .system(let code): Self.text(of: code)
            }
        }

        private static func text(of code: Int32) -> String {
            // Safe: strerror returns a string that ends with a zero, or nil; it is copied here.
            guard let text = unsafe strerror(code) else { return "error \(code)" }
            return unsafe String(cString: text)
        }
    }

    /// The bytes of the file at `path`, of which there may be `limit` at most.
    ///
    /// It blocks: call it before the event loops run, or off them.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        // Safe: the path is passed as a string that ends with a zero for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            // Safe: the buffer outlives the call, which writes no more than its length.
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw .tooLong(limit: limit) }
        }
    }
}
