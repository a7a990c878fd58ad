import MirrorSystem
import Testing

@Suite struct BcryptTests {
    /// Passwords and hashes: the first two of OpenBSD's own test, the others made by `crypt(3)`.
    static let pairs = [
        ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
        ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        ("sesame", "$2y$04$abcdefghijklmnopqrstuuinwY/tkBVrn3xrxQI/TgnMHhkvl85RW"),
        ("sesame", "$2b$04$abcdefghijklmnopqrstuuinwY/tkBVrn3xrxQI/TgnMHhkvl85RW"),
        ("tür", "$2b$04$abcdefghijklmnopqrstuuNW/8ZQ7PA/5Ol43gyY87KTKmSZPBi5a"),
    ]

    @Test(arguments: pairs)
    func aPasswordMatchesItsHashAndNoOther(_ password: String, _ hash: String) {
        #expect(Bcrypt.matches(Array(password.utf8), hash))
        #expect(!Bcrypt.matches(Array("\(password)x".utf8), hash))
        #expect(!Bcrypt.matches(Array(password.uppercased().utf8) + [33], hash))
    }

    @Test func seventyTwoBytesCount() {
        let hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i"
        for count in [72, 73, 80, 511] {
            #expect(Bcrypt.matches([UInt8](repeating: 120, count: count), hash))
        }
        for count in [71, 512] {
            #expect(!Bcrypt.matches([UInt8](repeating: 120, count: count), hash))
        }
    }

    /// A zero would end the password where C looks at it.
    @Test func whatFollowsAZeroIsNotLeftOut() {
        let hash = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"
        #expect(!Bcrypt.matches(Array("abc".utf8) + [0] + Array("def".utf8), hash))
    }

    @Test(arguments: [
        "", "*0", "sesame", "$2b$04$", "$2b$04$abcdefghijklmnopqrstuu",
        "$1$abcdefgh$wWvb/R0c3kMw8dOPYUsLe.", "$2b$99$abcdefghijklmnopqrstuubzadhGtS2z",
    ])
    func nothingMatchesWhatIsNoHash(_ hash: String) {
        #expect(!Bcrypt.matches(Array("sesame".utf8), hash))
        #expect(!Bcrypt.matches([], hash))
    }

    @Test func aSecretIsTheSameAsItselfOnly() {
        let secret = Array("0123456789".utf8)[...]
        #expect(isSameSecret(secret, Array("0123456789".utf8)[...]))
        for other in ["1123456789", "0123456780", "012345678", "01234567890", ""] {
            #expect(!isSameSecret(secret, Array(other.utf8)[...]))
        }
    }
}
