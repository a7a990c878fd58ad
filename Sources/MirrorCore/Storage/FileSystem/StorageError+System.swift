package import MirrorSystem

extension StorageError {
    /// Says what a failed system call means for the object at `key`.
    package init(_ error: SystemError, at key: StorageKey) {
        self.init(Code(error), at: key, reason: error.description)
    }
}

extension StorageError.Code {
    fileprivate init(_ error: SystemError) {
        if error.isOutOfSpace {
            self = .outOfSpace
        } else if error.isNotPermitted {
            self = .notPermitted
        } else {
            self = error.isConflict ? .conflict : .failed
        }
    }
}
