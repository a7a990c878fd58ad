internal import MirrorCore

/// An error as registries tell it: status, code and message (OCI distribution-spec, "Error
/// Codes"), with the codes of the reference registry.
struct DistributionError: Error, Hashable, Sendable {
    enum Code: String, Sendable {
        case blobUnknown = "BLOB_UNKNOWN"
        case denied = "DENIED"
        case digestInvalid = "DIGEST_INVALID"
        case manifestUnknown = "MANIFEST_UNKNOWN"
        case nameInvalid = "NAME_INVALID"
        case nameUnknown = "NAME_UNKNOWN"
        case paginationNumberInvalid = "PAGINATION_NUMBER_INVALID"
        case rangeInvalid = "RANGE_INVALID"
        case tooManyRequests = "TOOMANYREQUESTS"
        case unauthorized = "UNAUTHORIZED"
        case unavailable = "UNAVAILABLE"
        case unknown = "UNKNOWN"
        case unsupported = "UNSUPPORTED"

        /// What the reference registry says of what it does not have.
        var message: String {
            switch self {
            case .blobUnknown: "blob unknown to registry"
            case .nameUnknown: "repository name not known to registry"
            default: "manifest unknown"
            }
        }
    }

    let status: HTTPStatus
    let code: Code
    let message: String
    /// What more is to be said; empty for nothing.
    var detail = ""
    /// Whole seconds after which the client may ask again.
    var retryAfter: Int64?
    /// Values of `WWW-Authenticate`: how the client may authenticate.
    var challenges: [String] = []
    /// What the client would have to be allowed.
    var resource: AccessResource?
    /// Whether it is the upstream that denied it, to whom it was asked as.
    var isUpstreamDenial = false

    /// What a mirror could not answer, told so that clients do the right thing: go to their next
    /// endpoint rather than give up, or send their own credentials here.
    init(_ error: MirrorError, missing: Code) {
        detail = error.reason
        retryAfter = error.retryAfter.map(Self.wholeSeconds)
        switch error.code {
        case .notFound:
            status = .notFound
            code = missing
            message = missing.message
        case .denied:
            status = .notFound
            code = .nameUnknown
            isUpstreamDenial = true
            message = "upstream denies access to this repository, or it does not exist there"
        case .rateLimited:
            status = .tooManyRequests
            code = .tooManyRequests
            message = "too many requests to the upstream registry"
        case .unavailable:
            status = .serviceUnavailable
            code = .unavailable
            message = "service unavailable"
        case .invalid:
            status = .badGateway
            code = .unknown
            message = "the upstream registry's answer makes no sense"
        }
    }

    init(_ status: HTTPStatus, _ code: Code, _ message: String, detail: String = "") {
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
    }

    /// What is wrong with a request that was not understood, or not answered in time.
    init(refusing status: HTTPStatus, _ reason: String) {
        let isLate = status == .serviceUnavailable
        self.init(
            status, isLate ? .unavailable : .unsupported,
            isLate ? "service unavailable" : "the request cannot be taken", detail: reason)
    }

    /// Rounded up, and never 0, which would say that waiting is of no use.
    static func wholeSeconds(_ duration: Duration) -> Int64 {
        let (seconds, rest) = duration.components
        return max(1, rest > 0 ? seconds + 1 : seconds)
    }

    /// Everything that would write: this is a mirror.
    static let unsupported = DistributionError(
        .methodNotAllowed, .unsupported, "The operation is unsupported.")

    /// The error as JSON.
    var body: [UInt8] {
        var bytes = Array("{\"errors\":[{\"code\":\"\(code.rawValue)\",\"message\":".utf8)
        JSONText.append(message, to: &bytes)
        if let resource {
            bytes += Array(",\"detail\":[{\"Type\":\"\(resource.type)\",\"Class\":\"\",".utf8)
            bytes += Array("\"Name\":\"\(resource.name)\",".utf8)
            bytes += Array("\"Action\":\"\(resource.action)\"}]".utf8)
        } else if !detail.isEmpty {
            bytes += Array(",\"detail\":".utf8)
            JSONText.append(detail, to: &bytes)
        }
        return bytes + Array("}]}\n".utf8)
    }
}
