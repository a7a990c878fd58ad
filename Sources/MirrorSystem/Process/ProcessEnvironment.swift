import Glibc

/// What the process finds around it.
package enum ProcessEnvironment {
    /// The value of an environment variable, if it is set.
    package static func value(of name: String) -> String? {
        // Safe: the string is copied before anything could change the environment; this program
        // never does.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Whether `path` is a directory in which the process may create files.
    package static func isWritableDirectory(_ path: String) -> Bool {
        // Safe: the path is passed as a string that ends with a zero for the length of the call.
        unsafe access(path + "/.", W_OK | X_OK) == 0
    }
}
