import MirrorSystem
import Testing

@Suite struct KeyedHashTests {
    @Test func theSamePartsHaveTheSameHashAndOthersAnother() {
        let hash = KeyedHash()
        #expect(hash("ann", "sesame") == hash("ann", "sesame"))
        #expect(hash("ann", "sesame").count == 32)
        let all = [
            hash("ann", "sesame"), hash("anns", "esame"), hash("annsesame"), hash("ann", "sesam"),
            hash("ann", "sesame", ""), hash(""), hash("", ""),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func eachHasAKeyOfItsOwn() {
        #expect(KeyedHash()("ann") != KeyedHash()("ann"))
    }
}
