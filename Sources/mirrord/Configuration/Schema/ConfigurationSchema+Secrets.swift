extension ConfigurationSchema {
    /// How much of a value is kept from whoever reads the configuration as it is printed.
    enum Secrecy {
        /// Nothing.
        case none
        /// Of a URL, the user and password.
        case user
        /// All of it.
        case whole
    }

    /// What a key, or the field of a header, is called tells how secret it is.
    static func secrecy(of name: Substring) -> Secrecy {
        let name = name.lowercased()
        if name == "httpproxy" { return .user }
        let isWhole =
            secretNames.contains(name) || secretEnds.contains(where: name.hasSuffix)
        return isWhole ? .whole : .none
    }

    private static let secretEnds = ["password", "secret", "token", "-key"]
    private static let secretNames: Set = [
        "authorization", "proxy-authorization", "cookie", "accesskey", "accountkey", "apikey",
        "licensekey", "secretkey", "sessiontoken",
    ]
}
