/// Why a fill, or a part of it, does not go on.
enum FillFailure: Error {
    case upstream(UpstreamError)
    case storage(StorageError)
    /// What upstream sends now is not what it sent before.
    case changed(String)
    /// Upstream sends the blob whole only.
    case noRanges
    /// The mirror is being stopped.
    case stopped

    /// Whether it may have come of asking for a part of the blob.
    var mayBeOfRange: Bool {
        if case .upstream(let error) = self { error.code == .invalid } else { false }
    }

    /// What a client is told.
    var error: MirrorError {
        switch self {
        case .upstream(let error): MirrorError(error)
        case .storage(let error): MirrorError(error)
        case .changed(let reason): MirrorError(.invalid, reason)
        case .noRanges: MirrorError(.invalid, "upstream sends no ranges")
        case .stopped: MirrorError(.unavailable, "the mirror is stopping")
        }
    }
}
