import MirrorCore
import Testing

@Suite struct SecretTests {
    @Test func aSecretIsPrintedNowhere() {
        struct Account { var user = "tim", password = Secret("open sesame") }
        let secret = Secret("open sesame")
        var dumped = ""
        dump(Account(), to: &dumped)
        let texts = [
            "\(secret)", secret.description, String(reflecting: secret), "\(Account())",
            String(reflecting: [secret]), dumped,
        ]
        for text in texts {
            #expect(!text.contains("sesame"))
            #expect(text.contains("***"))
        }
        #expect(secret.revealed == "open sesame")
    }
}
