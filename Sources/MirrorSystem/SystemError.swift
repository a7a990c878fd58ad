internal import Glibc

/// A system call that failed: its name and what errno said.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value of errno.
    package let number: Int32
    /// The name of the call, such as `pwrite`.
    package let call: StaticString

    package init(_ call: StaticString, number: Int32) {
        self.call = call
        self.number = number
    }

    /// The error that the last call of this thread left in errno.
    package static func last(_ call: StaticString) -> SystemError {
        SystemError(call, number: errno)
    }

    package var isOutOfSpace: Bool { number == ENOSPC || number == EDQUOT }
    package var isNotPermitted: Bool { number == EACCES || number == EPERM || number == EROFS }
    package var isMissing: Bool { number == ENOENT }
    package var isWouldBlock: Bool { number == EAGAIN || number == EWOULDBLOCK }

    /// Such as `pwrite: No space left on device`.
    package var description: String { "\(call): \(Self.text(of: number))" }

    package static func == (left: SystemError, right: SystemError) -> Bool {
        left.number == right.number && left.call.description == right.call.description
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(number) }

    /// What an errno says in words: `No space left on device`.
    package static func text(of number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        // Safe: strerror_r writes at most `count` bytes and ends them with NUL.
        return unsafe buffer.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress,
                unsafe strerror_r(number, start, bytes.count) == 0
            else { return "error \(number)" }
            return unsafe String(cString: start)
        }
    }
}

/// Calls again as long as a signal interrupts the call.
///
/// - Returns: the first result that is not -1.
/// - Throws: what errno says of any other failure.
@inline(__always)
package func retrying<Result: FixedWidthInteger & SignedInteger>(
    _ name: StaticString, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let number = errno
        if number != EINTR { throw SystemError(name, number: number) }
    }
}
