internal import Synchronization

/// What size content must have, where that is known: another one shows damage at a glance.
///
/// What was proved counts more than what manifests say. Anybody can make a manifest that says
/// something wrong of a layer that others use.
final class KnownSizes: Sendable {
    /// Sizes remembered; those not asked for go first, and are learnt again.
    private static let countLimit = 16_384
    /// Parts of one manifest whose sizes are taken note of.
    private static let partLimit = 1024

    /// A size in bytes, and whether content of the digest was found to have it.
    struct Size: Hashable, Sendable {
        var byteCount: Int64
        var isProved: Bool
    }

    private enum Knowledge {
        case proved(Int64)
        case stated(Int64)
        /// Manifests do not agree, so none is believed.
        case disputed
    }

    private let known = Mutex(BoundedCache<Digest, Knowledge>(weightLimit: countLimit))

    /// The size that content with this digest should have; nil where it is not known.
    func size(of digest: Digest) -> Size? {
        switch known.withLock({ $0.value(for: digest) }) {
        case .proved(let size): Size(byteCount: size, isProved: true)
        case .stated(let size): Size(byteCount: size, isProved: false)
        case .disputed, nil: nil
        }
    }

    /// Content of `size` bytes was found to have this digest.
    func didProve(_ digest: Digest, size: Int64) {
        known.withLock { $0.insert(.proved(size), for: digest, weight: 1) }
    }

    /// A manifest, whose own digest is right, says this of its parts.
    func didState(_ parts: [Manifest.Part]) {
        known.withLock { known in
            for part in parts.prefix(Self.partLimit) {
                guard let size = part.size else { continue }
                switch known.value(for: part.digest) {
                case nil: known.insert(.stated(size), for: part.digest, weight: 1)
                case .stated(size), .proved, .disputed: break
                case .stated: known.insert(.disputed, for: part.digest, weight: 1)
                }
            }
        }
    }
}
