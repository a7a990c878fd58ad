import MirrorCore
import Testing

@testable import MirrorHTTP

@Suite struct TLSValidityTests {
    private static let day: Int64 = 24 * 3600

    private func validity(days: Int64) -> TLSValidity {
        TLSValidity(start: .seconds(0), end: .seconds(days * Self.day))
    }

    @Test(
        arguments: [
            (365, -1, TLSValidity.Concern.early), (365, 0, nil), (365, 350, nil),
            (365, 352, .ending), (365, 364, .ending), (365, 365, .ended), (365, 1000, .ended),
            // Of one that is short-lived, a third of its life.
            (9, 5, nil), (9, 7, .ending), (9, 9, .ended),
        ] as [(Int64, Int64, TLSValidity.Concern?)])
    func whatIsToBeSaid(_ days: Int64, _ now: Int64, _ concern: TLSValidity.Concern?) {
        #expect(validity(days: days).concern(at: .seconds(now * Self.day)) == concern)
    }

    @Test func theWordsNameTheMoment() {
        let validity = validity(days: 1)
        #expect(validity.text(of: .early).contains("not valid before 1970-01-01T00:00:00Z"))
        #expect(validity.text(of: .ending).contains("until 1970-01-02T00:00:00Z only"))
        #expect(validity.text(of: .ended).contains("since 1970-01-02T00:00:00Z"))
    }
}
