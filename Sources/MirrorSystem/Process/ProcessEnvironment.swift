import Glibc

/// What the process finds around it.
package enum ProcessEnvironment {
    /// The value of an environment variable, if it is set.
    package static func value(of name: String) -> String? {
        // Safe: the string is copied before anything could change the environment, which this
        // program does only while it has one thread.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Whether `path` is a directory in which the process may create files.
    package static func isWritableDirectory(_ path: String) -> Bool {
        // Safe: the path is passed as a string that ends with a zero for the length of the call.
        unsafe access(path + "/.", W_OK | X_OK) == 0
    }

    /// All environment variables.
    package static var all: [String: String] {
        var variables: [String: String] = [:]
        // Safe: the array ends with nil, its strings with a zero, and nobody changes either.
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let parts = unsafe String(cString: text).split(separator: "=", maxSplits: 1)
            if let name = parts.first {
                variables[String(name)] = parts.count > 1 ? String(parts[1]) : ""
            }
            unsafe entry += 1
        }
        return variables
    }

    /// Takes a variable out of the environment. Call before any other thread starts.
    package static func remove(_ name: String) {
        // Safe: no other thread reads the environment yet.
        _ = unsafe unsetenv(name)
    }

    /// Whether there is something at `path`.
    package static func exists(_ path: String) -> Bool {
        // Safe: the path is passed as a string that ends with a zero for the length of the call.
        unsafe access(path, F_OK) == 0
    }

    /// Ends the process, with a last word on standard error where there is one.
    package static func exit(saying text: String = "", status: Int32) -> Never {
        say(text)
        Glibc.exit(status)
    }

    /// Writes to standard error, at once.
    package static func say(_ text: String) {
        let bytes = Array(text.utf8)
        // Safe: the kernel reads just the bytes of the array.
        _ = unsafe write(2, bytes, bytes.count)
    }
}
