// Sources: Sources/mirrord/YAML Sources/mirrord/Configuration
// Modules: MirrorSystem MirrorCore MirrorHTTP
// A file, and behind a line %% environment variables, one a line. Faults are one line each; what is
// printed as in effect is a file that means the same.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let (text, environment) = parts(of: bytes)
    do throws(ConfigurationErrors) {
        let document = try ConfigurationDocument(text, file: "f", environment: environment)
        let loaded = try document.load()
        for warning in loaded.warnings { checkLine(warning.description) }
        check(document.effective.text, meansThatOf: loaded)
    } catch {
        precondition(!error.problems.isEmpty)
        let lines = error.description.split(
            separator: "\n", omittingEmptySubsequences: false)
        precondition(lines.count == error.problems.count, "a fault of several lines")
        for line in lines { checkLine(String(line)) }
    }
    return 0
}

private func parts(of bytes: [UInt8]) -> ([UInt8], [String: String]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let separator = text.firstRange(of: "\n%%\n") else { return (bytes, [:]) }
    var environment: [String: String] = [:]
    for line in text[separator.upperBound...].split(separator: "\n") {
        let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        environment[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
    }
    return (Array(text[..<separator.lowerBound].utf8), environment)
}

private func checkLine(_ line: String) {
    precondition(!line.isEmpty && !line.contains { $0.isNewline }, "not one line")
}

private func check(_ text: String, meansThatOf loaded: LoadedConfiguration) {
    guard !text.contains("********") else { return }
    do throws(ConfigurationErrors) {
        let again = try LoadedConfiguration.parse(Array(text.utf8), file: "effective")
        precondition(again.configuration == loaded.configuration, "another configuration:\n\(text)")
    } catch {
        fatalError("\(error)\n\(text)")
    }
}
