internal import FoundationEssentials
internal import MirrorSystem

/// The files that hold the keys.
extension TokenKeys {
    /// Longer files are not read, in bytes.
    private static let fileByteLimit = 1 << 20

    /// Reads the files. It blocks.
    init(certificateFile: String?, keySetFile: String?) throws(ReloadError) {
        var certificates: [Certificate] = []
        if let certificateFile { certificates = try Self.certificates(in: certificateFile) }
        var keySet: JSONWebKeySet?
        if let keySetFile { keySet = try Self.keySet(in: keySetFile) }
        self.init(certificates: certificates, keySet: keySet)
        guard count > 0 else {
            throw ReloadError(
                "\(certificateFile ?? keySetFile ?? ""): there is no key that signatures can be "
                    + "checked with: of RSA with 2048 bits at least, of the curves P-256, P-384 "
                    + "and P-521, or of Ed25519")
        }
    }

    private static func certificates(in path: String) throws(ReloadError) -> [Certificate] {
        guard let certificates = Certificate.list(pem: try bytes(of: path)) else {
            throw ReloadError("\(path): a certificate in it is damaged")
        }
        guard !certificates.isEmpty else {
            throw ReloadError("\(path): it holds no certificate in PEM form")
        }
        return certificates
    }

    private static func keySet(in path: String) throws(ReloadError) -> JSONWebKeySet {
        let json = Data(try bytes(of: path))
        guard let keySet = try? JSONDecoder().decode(JSONWebKeySet.self, from: json) else {
            throw ReloadError("\(path): it is no JSON Web Key Set: {\"keys\": [...]}")
        }
        return keySet
    }

    private static func bytes(of path: String) throws(ReloadError) -> [UInt8] {
        do throws(WholeFile.Failure) {
            return try WholeFile.read(path, limit: fileByteLimit)
        } catch {
            throw ReloadError("\(path): \(error.reason)")
        }
    }
}
