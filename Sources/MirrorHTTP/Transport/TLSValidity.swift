internal import COpenSSL
internal import MirrorCore

/// From when until when a certificate is valid.
struct TLSValidity: Hashable, Sendable {
    let start: WallTime
    let end: WallTime

    /// What an operator should do something about.
    enum Concern: Hashable, Sendable {
        case early, ending, ended
    }

    /// How long before its end one is told to renew it; less for one that is short-lived anyway.
    private static let warningTime = Duration.seconds(14 * 24 * 3600)

    /// What there is to be said of it at `now`; nil when all is well.
    func concern(at now: WallTime) -> Concern? {
        if now < start { return .early }
        if now >= end { return .ended }
        let warningTime = min(Self.warningTime, (end - start) / 3)
        return end - now < warningTime ? .ending : nil
    }

    /// The concern in words.
    func text(of concern: Concern) -> String {
        switch concern {
        case .early:
            "the certificate is not valid before \(start): is this machine's clock right?"
        case .ending: "the certificate is valid until \(end) only: renew it"
        case .ended: "the certificate has been invalid since \(end): renew it"
        }
    }
}

extension TLSContext {
    /// Of the certificate that is shown to the other side; nil where there is none.
    var validity: TLSValidity? {
        // Safe: the certificate is the context's, and is only looked at.
        guard let certificate = unsafe SSL_CTX_get0_certificate(pointer),
            let start = unsafe Self.time(X509_get0_notBefore(certificate)),
            let end = unsafe Self.time(X509_get0_notAfter(certificate))
        else { return nil }
        return TLSValidity(start: start, end: end)
    }

    private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> WallTime? {
        // Safe: the epoch is made here and given back; both are only looked at.
        guard let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
        defer { unsafe ASN1_STRING_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return .seconds(Int64(days) * 24 * 3600 + Int64(seconds))
    }
}
