/// A text that has no place in the code, and what to do instead.
private struct BannedText {
    let text: String
    let reason: String
    /// Files that may have it, each with why.
    var exceptions: [String: String] = [:]
    /// Whether tests must do without it too.
    var bindsTests = false
    /// Whether the program must, or the libraries alone.
    var bindsProgram = true
}

extension TidyRule {
    static let bannedTexts: [TidyRule] =
        banned.map { banned in
            TidyRule("the code has no `\(banned.text)`") { file in
                guard file.isSource || banned.bindsTests, banned.exceptions[file.path] == nil,
                    file.module != "mirrord" || banned.bindsProgram
                else { return [] }
                return file.code.indices
                    .filter { file.code[$0].hasWord(banned.text) }
                    .map { Finding(file, at: $0, "\(banned.text) … \(banned.reason)") }
            }
        } + [noMarkerWords]

    private static let banned: [BannedText] =
        ["Task {", "Task(", "Task.detached", "Task.immediate"].map { text in
            BannedText(
                text: text, reason: "use a child task, which ends with its parent",
                exceptions: ownersOfTasks)
        } + [
            BannedText(
                text: "Task.sleep", reason: "wait by a TimeSource, which tests can turn",
                exceptions: ["Sources/MirrorCore/Time/TimeSource.swift": "is that TimeSource"],
                bindsTests: true),
            BannedText(text: "fatalError(", reason: "throw, or state a precondition"),
            BannedText(text: "try!", reason: "catch or pass the error on", bindsTests: true),
            BannedText(
                text: "DispatchQueue", reason: "use BlockingPool or an EventLoop",
                bindsTests: true),
            BannedText(text: "String(format:", reason: "interpolate: it needs Foundation"),
            BannedText(text: "print(", reason: "log", bindsProgram: false),
        ]

    /// Where tasks begin that no other task waits for.
    private static let ownersOfTasks = [
        "Sources/MirrorCore/Fills/FillTable.swift": "no client's leaving ends a fill",
        "Sources/MirrorCore/Cache/RegistryMirror.swift": "upkeep, from start() to stop()",
        "Sources/MirrorCore/Cache/RepeatedWork.swift": "work that is asked for without waiting",
        "Sources/MirrorCore/Cache/SingleFlight.swift": "shared work outlives who asked first",
        "Sources/MirrorCore/Health/HealthMonitor.swift": "a check that hangs is not waited for",
        "Sources/MirrorCore/Upstream/Budget/UpstreamBreaker.swift": "asks a dead upstream again",
        "Sources/MirrorHTTP/Client/EventLoop+Run.swift": "errands of code that cannot wait",
        "Sources/MirrorHTTP/Client/SharedOutcome.swift": "shared work outlives who asked first",
        "Sources/MirrorHTTP/Server/Acceptor.swift": "the pause of a listener without descriptors",
        "Sources/MirrorHTTP/Server/ServerConnection.swift": "answers for a responder that is late",
        "Sources/MirrorHTTP/Server/ServerContext.swift": "one task for each connection",
        "Sources/mirrord/Mirrord.swift": "the program itself: its first thread waits for signals",
    ]

    private static let noMarkerWords = TidyRule("work that is left stands in an issue") { file in
        let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        return file.lines.indices
            .filter { index in markers.contains { file.lines[index].hasWord($0) } }
            .map { Finding(file, at: $0, "finish it, or open an issue") }
    }
}

extension String {
    /// Whether `text` occurs where no longer word ends in its first letter.
    func hasWord(_ text: String) -> Bool {
        ranges(of: text).contains { range in
            guard range.lowerBound > startIndex else { return true }
            let before = self[index(before: range.lowerBound)]
            return !(before.isLetter || before.isNumber || before == "_" || before == ".")
        }
    }
}
