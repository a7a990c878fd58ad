internal import FoundationEssentials
internal import MirrorCore
internal import MirrorSystem

/// What a credential helper says when it is asked for the credentials for a host.
enum HelperAnswer: Hashable, Sendable {
    case credentials(RegistryCredentials)
    /// It has none for this host.
    case none
    /// It did not answer as a helper does.
    case failed(reason: String)

    /// What helpers say, by their protocol, of a host that they have nothing for.
    private static let notFound = "credentials not found"

    /// Runs a helper for a host, and waits for it.
    init(of program: Program, on host: String, hiding known: [Secret]) {
        do throws(Program.Failure) {
            self.init(try program.run(input: Array(host.utf8)), hiding: known)
        } catch {
            self = .failed(reason: error.description)
        }
    }

    /// Reads what the process wrote.
    ///
    /// - Parameter known: secrets that must not be repeated, whatever it wrote.
    init(_ outcome: Program.Outcome, hiding known: [Secret]) {
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(outcome.output))
        let hidden = known + [answer?.Secret].compactMap { $0 }.map { Secret($0) }
        guard outcome.end == .exited(status: 0) else {
            let words = Self.words(outcome, hidden)
            self =
                words.contains(Self.notFound)
                ? .none : .failed(reason: "\(outcome.end.text)\(words)")
            return
        }
        guard let answer, let username = answer.Username, let secret = answer.Secret else {
            let words = Self.firstLine(outcome.errorOutput, hiding: hidden)
            self = .failed(reason: "its answer has no Username and Secret\(words)")
            return
        }
        self =
            secret.isEmpty
            ? .none
            : .credentials(RegistryCredentials(username: username, password: Secret(secret)))
    }

    /// What it said of its failure: helpers write errors to standard output, most programs to the
    /// other. An answer in JSON is none of that.
    private static func words(_ outcome: Program.Outcome, _ hidden: [Secret]) -> String {
        let words = firstLine(outcome.errorOutput, hiding: hidden)
        guard words.isEmpty, outcome.output.first != UInt8(ascii: "{") else { return words }
        return firstLine(outcome.output, hiding: hidden)
    }

    /// The first line that holds anything, to be put behind other words.
    private static func firstLine(_ bytes: [UInt8], hiding hidden: [Secret]) -> String {
        let lines = String(decoding: bytes, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" }
        var line = lines.map { UpstreamFailure.printable(String($0)) }.first { !$0.isEmpty } ?? ""
        for secret in hidden where !secret.revealed.isEmpty {
            line = line.split(separator: secret.revealed, omittingEmptySubsequences: false)
                .joined(separator: "***")
        }
        return line.isEmpty ? "" : ": \(line)"
    }

    /// The names are the protocol's.
    private struct Answer: Decodable {
        let Username: String?
        let Secret: String?
    }
}

extension Program.Outcome.End {
    /// Such as `it ended with status 1`.
    fileprivate var text: String {
        switch self {
        case .exited(let status): "it ended with status \(status)"
        case .killed(let signal): "it was ended by signal \(signal)"
        }
    }
}
