import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite struct UserTableTests {
    static let digits = "abcdefghijklmnopqrstuuinwY/tkBVrn3xrxQI/TgnMHhkvl85RW"

    private func table(_ text: String) throws -> UserTable { try UserTable(Array(text.utf8)) }

    @Test func usersAreNamedOneALine() throws {
        let (first, second) = ("$2y$05$\(Self.digits)", "$2a$04$\(Self.digits)")
        let table = try table("# of the lab\n\n  ann:\(first)\r\nbob:\(second) \n")
        #expect(table.count == 2)
        #expect(table.entry(of: "ann")?.hash.text == first)
        #expect(table.entry(of: "bob")?.hash.text == second)
        #expect(table.entry(of: "ann")?.isReal == true)
        #expect(table.uselessLines.isEmpty)
    }

    @Test func whoIsNotThereIsComparedAsLongAsOthers() throws {
        let table = try table("ann:$2y$07$\(Self.digits)\nbob:$2y$06$\(Self.digits)")
        let entry = try #require(table.entry(of: "eve"))
        #expect(!entry.isReal)
        #expect(entry.hash.cost == 7)
        let empty = try self.table("")
        #expect(empty.entry(of: "eve")?.hash.cost == 10)
        #expect(empty.count == 0)
    }

    @Test func ofSeveralLinesTheLastCounts() throws {
        let table = try table("ann:$2y$05$\(Self.digits)\nann:$2y$06$\(Self.digits)")
        #expect(table.entry(of: "ann")?.hash.cost == 6)
        let revoked = try self.table("ann:$2y$05$\(Self.digits)\nann:!")
        #expect(revoked.entry(of: "ann")?.isReal == false)
    }

    @Test(arguments: [
        "$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00", "{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=", "sesame", "",
        "$2x$05$\(digits)", "$2$05$\(digits)", "$2b$17$\(digits)", "$2b$03$\(digits)",
        "$2b$5$\(digits)", "$2b$+5$\(digits)", "$2b$05$\(digits)a", "$2b$05$\(digits.dropLast())",
        "$2b$05$:\(digits.dropLast())", "$2b$05$\(digits)$",
    ])
    func otherHashesLetNobodyIn(_ hash: String) throws {
        let table = try table("ann:\(hash)\nbob:$2y$05$\(Self.digits)")
        #expect(table.uselessLines == [1])
        #expect(table.entry(of: "ann")?.isReal == false)
        #expect(table.entry(of: "bob")?.isReal == true)
    }

    @Test func aDamagedTableIsNoneAndItsFaultTellsNothingOfIt() throws {
        let damaged = UserTable.Fault(reason: "line 2 is not user:hash")
        #expect(throws: damaged) { try table("ann:x\nsesame") }
        #expect(throws: UserTable.Fault(reason: "it is not text in UTF-8")) {
            try UserTable([0x61, 0x3A, 0xFF])
        }
    }
}
