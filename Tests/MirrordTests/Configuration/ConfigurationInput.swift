@testable import mirrord

/// The smallest file that can be used, with further lines of a test behind it.
func configuration(
    _ lines: String = "", environment: [String: String] = [:]
) throws -> LoadedConfiguration {
    try LoadedConfiguration.parse(
        Array(
            """
            version: 0.1
            storage: {inmemory: }
            proxy: {remoteurl: "https://registry.example.com"}
            \(lines)
            """.utf8), file: "config.yml", environment: environment)
}

/// The faults of a file, one line each, without the file's name; empty when there are none.
func faults(_ text: String, environment: [String: String] = [:]) -> [String] {
    do {
        _ = try LoadedConfiguration.parse(
            Array(text.utf8), file: "config.yml", environment: environment)
        return []
    } catch {
        return error.description.split(separator: "\n").map {
            $0.hasPrefix("config.yml:") ? String($0.dropFirst("config.yml:".count)) : String($0)
        }
    }
}

/// The faults of the smallest file with further lines behind its three.
func faults(behind lines: String) -> [String] {
    faults("version: 0.1\nstorage: inmemory\nproxy: {remoteurl: 'https://r.test'}\n" + lines)
}
