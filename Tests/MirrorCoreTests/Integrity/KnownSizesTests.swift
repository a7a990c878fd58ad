import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct KnownSizesTests {
    private let sizes = KnownSizes()
    private let digest = Digest(of: [1])

    private func state(_ size: Int64?) {
        sizes.didState([Manifest.Part(digest: digest, size: size)])
    }

    @Test func knowsNothingThatNobodySaid() {
        state(nil)
        #expect(sizes.size(of: digest) == nil)
    }

    @Test func believesManifestsAsLongAsTheyAgree() {
        state(7)
        state(7)
        #expect(sizes.size(of: digest) == KnownSizes.Size(byteCount: 7, isProved: false))
        state(8)
        #expect(sizes.size(of: digest) == nil)
        state(7)
        #expect(sizes.size(of: digest) == nil)
    }

    @Test func believesAProofMoreThanAnyManifest() {
        state(7)
        sizes.didProve(digest, size: 9)
        state(8)
        #expect(sizes.size(of: digest) == KnownSizes.Size(byteCount: 9, isProved: true))
    }

    @Test func isNotFloodedByOneManifest() {
        sizes.didProve(digest, size: 9)
        var random = SeededRandom(seed: 1)
        let parts = (0..<40_000).map { _ in
            Manifest.Part(digest: Digest(of: random.bytes(8)), size: 1)
        }
        sizes.didState(parts)
        #expect(sizes.size(of: digest) != nil)
        #expect(sizes.size(of: parts[1023].digest) != nil)
        #expect(sizes.size(of: parts[1024].digest) == nil)
    }
}
