/// Decides which token services may see the credentials of an upstream.
///
/// A registry names its token service itself, in a header, so the name must not be trusted
/// blindly: a registry broken into, or one asked in the clear, could name any server
/// (CVE-2026-33540 in the reference registry). Credentials go to the upstream's own site only:
/// to the upstream itself, and to hosts below its parent domain unless that domain belongs to
/// many.
enum RealmPolicy {
    /// Whether a token service at `realm` may see the credentials for `upstream`.
    static func mayReceiveCredentials(_ realm: HTTPOrigin, of upstream: HTTPOrigin) -> Bool {
        if upstream.scheme == .https, realm.scheme != .https { return false }
        if realm.host == upstream.host, realm.port == upstream.port { return true }
        guard let site = site(of: upstream.host) else { return false }
        return realm.host == site || realm.host.hasSuffix("." + site)
    }

    /// The domain that belongs to whoever runs `host`; nil for addresses, `localhost` and names
    /// of one label, where another port may be another's.
    private static func site(of host: String) -> String? {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard IPBytes(host) == nil, labels.count > 1, !labels.contains(""),
            labels.last != "localhost"
        else { return nil }
        let parent = labels.dropFirst().joined(separator: ".")
        return isShared(parent) ? host : parent
    }

    /// Whether unrelated parties have hosts below `domain`.
    private static func isShared(_ domain: String) -> Bool {
        let labels = domain.split(separator: ".")
        if labels.count < 2 { return true }
        if labels.count == 2, labels[1].count == 2, countrySecondLevels.contains(labels[0]) {
            return true
        }
        return sharedDomains.contains { domain == $0 || domain.hasSuffix("." + $0) }
    }

    /// Second-level labels under which country registries give out names, as in `co.uk`.
    private static let countrySecondLevels: Set<Substring> = [
        "ac", "asn", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "id", "info", "lg",
        "ltd", "me", "mil", "ne", "net", "nhs", "nom", "or", "org", "plc", "sch", "school",
        "web",
    ]

    /// Domains of providers that give each customer a host below them. Not the whole of the
    /// public suffix list: those where registries and what answers for them are likely to run.
    private static let sharedDomains: [String] = [
        "amazonaws.com", "amazonaws.com.cn", "on.aws", "awsapprunner.com", "cloudfront.net",
        "elasticbeanstalk.com",
        "azurecr.io", "azurecr.cn", "azurecr.us", "azurewebsites.net", "azure-api.net",
        "azurecontainer.io", "azurecontainerapps.io", "azureedge.net", "azurefd.net",
        "cloudapp.net", "cloudapp.azure.com", "trafficmanager.net", "windows.net",
        "pkg.dev", "run.app", "appspot.com", "cloudfunctions.net", "web.app", "firebaseapp.com",
        "googleusercontent.com", "goog",
        "aliyuncs.com", "cr.aliyuncs.com", "tencentcloudcr.com", "myhuaweicloud.com",
        "myqcloud.com", "volces.com",
        "cloud.ibm.com", "appdomain.cloud", "oraclecloud.com", "ocir.io", "digitaloceanspaces.com",
        "ondigitalocean.app", "ovh.net", "scw.cloud", "linodeobjects.com", "vultrcr.com",
        "jfrog.io", "cloudsmith.io", "github.io", "githubusercontent.com", "gitlab.io",
        "herokuapp.com", "heroku.com", "fly.dev", "onrender.com", "railway.app", "vercel.app",
        "netlify.app", "pages.dev", "workers.dev", "deno.dev", "replit.dev", "repl.co",
        "ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "trycloudflare.com", "loca.lt",
        "nip.io", "sslip.io", "duckdns.org", "dyndns.org", "no-ip.org", "ddns.net", "ts.net",
        "readthedocs.io", "openshiftapps.com", "container-registry.com",
    ]
}
