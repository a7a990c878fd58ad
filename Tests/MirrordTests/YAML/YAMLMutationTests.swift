import Testing

@testable import mirrord

/// Whatever stands in a file, the reader comes to an end: with documents or with a fault that
/// lies within the text.
@Suite struct YAMLMutationTests {
    static let document = """
        %YAML 1.2
        ---
        version: 0.1   # the schema
        log: {level: debug, fields: {service: "a\\tb\\
          c", environment: 'd''e'}}
        storage: &storage
          filesystem:
              rootdirectory: /var/lib/registry
          ? delete
          : enabled: !!bool "true"
        http:
          addr: :5000
          headers: &h
            X-Content-Type-Options: [nosniff, {a: b}, [c, "d"],]
        proxy:
          <<: [*h, {ttl: 168h}]
          password: |+2
              two
             lines

        notes: >-
          folded
          text

            kept
        list:
        - - one
          - &x two
        - *x
        -   key: plain
              text
        ...
        --- second
        """

    static let fragments = [
        "- ", ": ", "? ", "\n", "  ", "\t", "\"", "'", "[", "]", "{", "}", ",", " #", "|", ">",
        "&x ", "*x", "!!str ", "!", "---\n", "...\n", "\\", "é", ":", "-", "<<: ", "%", "\u{FEFF}",
        "\r\n", "\r", "\0", "@", "`", "|1-\n",
    ]

    @Test(arguments: 0..<40)
    func aMutatedDocumentIsReadOrRefused(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<50 {
            var bytes = Array(Self.document.utf8)
            for _ in 0...random.next(below: 6) { mutate(&bytes, &random) }
            do {
                _ = try YAMLReader.documents(in: bytes)
            } catch {
                let lines = bytes.count { $0 == 10 || $0 == 13 } + 1
                #expect((1...lines).contains(error.position.line))
                #expect(error.position.column >= 1)
                #expect(!error.message.isEmpty)
            }
        }
    }

    @Test func everyBeginningOfADocumentIsReadOrRefused() {
        let bytes = Array(Self.document.utf8)
        for count in 0...bytes.count {
            _ = try? YAMLReader.documents(in: Array(bytes[..<count]))
        }
    }

    @Test(arguments: [
        "[", "{", "a: ", "- ", "\n", " ", "a\n", "'", "\"\\\n", "a,", "[a]: ", "? ", ": ", "#\n",
        "| \n", "&a ", "!!str ", "*a ", "é", "---\n", "a\n\n", "a: |\n", "[a,", "{a: b},",
    ])
    func repetitionCostsNoMoreThanItsLength(_ unit: String) {
        let count = 60_000 / unit.utf8.count
        _ = try? YAMLReader.documents(in: Array(String(repeating: unit, count: count).utf8))
        _ = try? YAMLReader.documents(
            in: Array(("[" + String(repeating: unit, count: count)).utf8))
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let start = random.next(below: bytes.count + 1)
        let end = min(bytes.count, start + random.next(below: 12))
        switch random.next(below: 5) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: random.next(below: bytes.count))
        case 2: bytes.insert(UInt8(random.next(below: 256)), at: start)
        default:
            let fragment = Self.fragments[random.next(below: Self.fragments.count)]
            bytes.insert(contentsOf: fragment.utf8, at: start)
        }
    }
}

/// A small generator whose whole sequence follows from its seed.
struct SplitMix {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(max(limit, 1)))
    }
}
