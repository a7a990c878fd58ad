import MirrorCore
import MirrorHTTP

/// By which account a registry is asked, and whether clients' own matter.
extension ConfigurationDecoder {
    mutating func credentials(
        _ upstream: ConfigurationSection
    ) -> Configuration.Upstream.Credentials? {
        guard let exec = upstream.section("exec") else { return account(upstream) }
        for name in ["username", "password", "passwordfile"] where upstream[name] != nil {
            warn(
                "\(upstream.path(of: name)) is not used: \(exec.path) gives name and password",
                at: upstream.position(of: name) ?? upstream.position)
        }
        return helper(exec)
    }

    private mutating func helper(
        _ exec: ConfigurationSection
    ) -> Configuration.Upstream.Credentials? {
        let lifetime = age("lifetime", in: exec)
        guard let command = text("command", in: exec), !command.isEmpty else {
            error(
                "\(exec.path(of: "command")) is missing: name a credential helper, by its path "
                    + "or as PATH finds it", at: exec.position(of: "command") ?? exec.position)
            return nil
        }
        return .helper(command: command, lifetime: lifetime)
    }

    /// Nil where everybody may read what the mirror may.
    mutating func clientTokens(_ upstream: ConfigurationSection) -> ClientTokenSettings? {
        guard let section = upstream.section("clienttokens") else { return nil }
        var settings = ClientTokenSettings()
        settings.maxAge = age("maxage", in: section) ?? settings.maxAge
        settings.staleIfError = age("staleiferror", in: section) ?? settings.staleIfError
        let isEnabled = flag("enabled", in: section)
        if section["enabled"] == nil {
            // Not guessed: who sets one of these may rely on it.
            error("\(section.path(of: "enabled")) is missing: true or false", at: section.position)
        }
        if isEnabled == true, upstream.section("tls")?["certificate"] != nil {
            let certificate = "\(upstream.path(of: "tls")).certificate"
            warn(
                "\(section.path) is enabled beside \(certificate): make sure that the registry "
                    + "does not take the mirror's certificate for the right of every client",
                at: section.position)
        }
        return isEnabled == true ? settings : nil
    }

    private mutating func account(
        _ upstream: ConfigurationSection
    ) -> Configuration.Upstream.Credentials? {
        let names = ["username", "password", "passwordfile"]
        guard names.allSatisfy({ upstream[$0].map { $0.scalar != nil } ?? true }) else {
            return nil
        }
        let given = names.filter { text($0, in: upstream)?.isEmpty == false }
        guard !given.isEmpty, isWhole(given, in: upstream) else { return nil }
        let username = text("username", in: upstream) ?? ""
        guard let file = text("passwordfile", in: upstream), !file.isEmpty else {
            let password = text("password", in: upstream) ?? ""
            return .password(username: username, Secret(password))
        }
        if !file.hasPrefix("/"), let position = upstream["passwordfile"]?.position {
            error(
                "\(upstream.path(of: "passwordfile")) must be a path that begins with /",
                at: position)
        }
        return .passwordFile(username: username, path: file)
    }

    /// Whether there is a name and one password to go with it.
    private mutating func isWhole(_ given: [String], in upstream: ConfigurationSection) -> Bool {
        let fault: (name: String, text: String)
        switch given {
        case ["username", "password"], ["username", "passwordfile"]: return true
        case ["username"]: fault = ("username", "stands without \(upstream.path(of: "password"))")
        case ["password"], ["passwordfile"]:
            fault = (given[0], "stands without \(upstream.path(of: "username"))")
        default: fault = ("passwordfile", "stands beside \(upstream.path(of: "password"))")
        }
        let advice = given.count < 2 ? "add it, or remove the other" : "keep one of them"
        error(
            "\(upstream.path(of: fault.name)) \(fault.text): \(advice)",
            at: upstream.position(of: fault.name) ?? upstream.position)
        return false
    }
}
