import COpenSSL
import Glibc
import MirrorSystem
import MirrorTesting

@testable import MirrorHTTP

/// A certificate and its key, made for a test and gone with it.
@safe final class TestCertificate {
    private let certificate: OpaquePointer
    private let key: OpaquePointer
    private let name: String

    struct Failure: Error {}

    /// A certificate for `alternativeNames`, such as `DNS:localhost,IP:127.0.0.1`, signed by
    /// `issuer` or by itself, valid from `secondsSinceStart` ago until `secondsToEnd` from now.
    init(
        name: String, alternativeNames: String? = nil, issuer: TestCertificate? = nil,
        organization: String? = nil, secondsSinceStart: Int = 7200,
        secondsToEnd: Int = 30 * 24 * 3600
    ) throws {
        // Safe: every object is made here and given back in `deinit`, and used in one thread.
        guard let generator = unsafe EVP_PKEY_CTX_new_id(NID_ED25519, nil),
            let certificate = unsafe X509_new()
        else { throw Failure() }
        defer { unsafe EVP_PKEY_CTX_free(generator) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(generator) == 1,
            unsafe EVP_PKEY_keygen(generator, &key) == 1, let key = unsafe key
        else { throw Failure() }
        unsafe self.certificate = certificate
        unsafe self.key = key
        self.name = name

        unsafe X509_set_version(certificate, 2)
        unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...1 << 30))
        unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), -secondsSinceStart)
        unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), secondsToEnd)
        unsafe X509_set_pubkey(certificate, key)
        let subject = unsafe X509_get_subject_name(certificate)
        unsafe X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_UTF8, Array(name.utf8), Int32(name.utf8.count), -1, 0)
        if let organization {
            unsafe X509_NAME_add_entry_by_txt(
                subject, "O", MBSTRING_UTF8, Array(organization.utf8),
                Int32(organization.utf8.count), -1, 0)
        }
        let issuerName = unsafe X509_get_subject_name(issuer?.certificate ?? certificate)
        unsafe X509_set_issuer_name(certificate, issuerName)
        if let alternativeNames {
            try add(NID_subject_alt_name, alternativeNames)
        } else {
            try add(NID_basic_constraints, "critical,CA:TRUE")
        }
        guard unsafe X509_sign(certificate, issuer?.key ?? key, nil) > 0 else { throw Failure() }
    }

    deinit {
        unsafe X509_free(certificate)
        unsafe EVP_PKEY_free(key)
    }

    private func add(_ kind: Int32, _ value: String) throws {
        guard let extension_ = unsafe X509V3_EXT_conf_nid(nil, nil, kind, value) else {
            throw Failure()
        }
        unsafe X509_add_ext(certificate, extension_, -1)
        unsafe X509_EXTENSION_free(extension_)
    }

    /// A server's context with this certificate.
    func serverContext() throws -> TLSContext {
        guard let context = unsafe SSL_CTX_new(TLS_server_method()),
            unsafe SSL_CTX_use_certificate(context, certificate) == 1,
            unsafe SSL_CTX_use_PrivateKey(context, key) == 1
        else { throw Failure() }
        return try unsafe TLSContext(owning: context)
    }

    /// Calls `body` with the path of a PEM file of this certificate.
    func withFile<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        var path = Array("/tmp/mirrord-test-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&path)
        guard descriptor >= 0, let file = unsafe fdopen(descriptor, "w") else { throw Failure() }
        let text = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unsafe unlink(text) }
        guard unsafe PEM_write_X509(file, certificate) == 1 else { throw Failure() }
        unsafe fclose(file)
        return try await body(text)
    }

    /// Shows this certificate on the connections of a client's context.
    func use(in context: OpaquePointer) throws {
        guard unsafe SSL_CTX_use_certificate(context, certificate) == 1,
            unsafe SSL_CTX_use_PrivateKey(context, key) == 1
        else { throw Failure() }
    }

    /// The certificate in PEM form.
    func certificateText() throws -> [UInt8] {
        try unsafe Self.text { unsafe PEM_write_bio_X509($0, certificate) }
    }

    /// Its key in PEM form.
    func keyText() throws -> [UInt8] {
        try unsafe Self.text {
            unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil)
        }
    }

    private static func text(_ write: (OpaquePointer) -> Int32) throws -> [UInt8] {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw Failure() }
        defer { unsafe BIO_free(memory) }
        guard unsafe write(memory) == 1 else { throw Failure() }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(memory)))
        unsafe BIO_read(memory, &bytes, Int32(bytes.count))
        return bytes
    }

    /// Writes certificate and key to files of these names, in place of what is there.
    @discardableResult
    func write(to folder: TemporaryFolder, as name: String = "server") throws -> TLSIdentity {
        let identity = TLSIdentity(
            certificateFile: "\(folder.path)/\(name).pem", keyFile: "\(folder.path)/\(name).key")
        try TestFile.put(try certificateText(), at: identity.certificateFile)
        try TestFile.put(try keyText(), at: identity.keyFile)
        return identity
    }
}

/// Files as an operator replaces them.
enum TestFile {
    /// Makes a file, or puts it in the place of another.
    static func put(_ bytes: [UInt8], at path: String) throws {
        try SharedFile.open("\(path).new", for: .creating).write(bytes, at: 0)
        try FileNames.rename("\(path).new", to: path)
    }
}
