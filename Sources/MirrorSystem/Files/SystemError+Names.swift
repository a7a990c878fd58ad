internal import Glibc

/// What errors say of the names that a call was given.
extension SystemError {
    /// Causes that a caller of files finds by itself, before or after the kernel could.
    package enum Cause: Sendable {
        /// A folder is in the way.
        case folder
        /// One path lies below the other.
        case nested
        /// Somebody else uses the file.
        case busy
        /// The file ends before it should.
        case cutShort

        fileprivate var number: Int32 {
            switch self {
            case .folder: EISDIR
            case .nested: EINVAL
            case .busy: EBUSY
            case .cutShort: EIO
            }
        }
    }

    /// An error as the kernel would have put it.
    package init(_ call: StaticString, _ cause: Cause) {
        self.init(call, number: cause.number)
    }

    /// Whether a folder is in the way of a file.
    package var isFolderInTheWay: Bool { number == EISDIR }

    /// Whether what stands at the new name cannot be replaced in one step: it is of another
    /// kind, or a folder that holds something.
    package var isNotReplaceable: Bool {
        [EISDIR, ENOTDIR, ENOTEMPTY, EEXIST].contains(number)
    }

    /// Whether the file, or its name, is not what the call needs it to be.
    package var isConflict: Bool {
        isNotReplaceable || number == EINVAL || number == EBUSY
    }

    /// Whether the medium, or the file system's own check of it, does not give back what a file
    /// had.
    package var isDamage: Bool {
        number == EIO || number == EBADMSG || number == EUCLEAN
    }

    /// What `call` says where a folder is due and something else is there.
    package static func noFolder(_ call: StaticString) -> SystemError {
        SystemError(call, number: ENOTDIR)
    }

    /// Whether nothing can stand at the path: it is missing, a file stands where a folder would
    /// have to, or it is longer than the file system allows.
    package var isUnreachable: Bool {
        number == ENOENT || number == ENOTDIR || number == ENAMETOOLONG
    }
}
