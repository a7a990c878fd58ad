import Glibc
import Testing

@testable import mirrord

@Suite struct LoadedConfigurationTests {
    @Test func aMissingFileIsOneLine() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try LoadedConfiguration.load("/nonexistent/config.yml")
        }
        #expect(
            error?.description == "/nonexistent/config.yml: the configuration cannot be read: "
                + "No such file or directory")
    }

    @Test func aDirectoryIsNotAFile() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try LoadedConfiguration.load("/tmp")
        }
        #expect(error?.description.hasSuffix("cannot be read: Is a directory") == true)
    }

    @Test func aFileWithoutEndIsGivenUp() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try LoadedConfiguration.load("/dev/zero")
        }
        #expect(error?.description.hasSuffix("it has more than 1048576 bytes") == true)
    }

    @Test func aFaultInAFileNamesTheFile() throws {
        let path = "/tmp/mirrord-configuration-\(getpid())-\(UInt64.random(in: 0 ... .max)).yml"
        let text = "version: 0.1\nstorage: inmemory\nproxy: x\n"
        // Safe: both calls only read their arguments, for as long as they last.
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        let written = unsafe write(descriptor, text, text.utf8.count)
        close(descriptor)
        defer { _ = unsafe unlink(path) }
        #expect(written == text.utf8.count)
        let error = #expect(throws: ConfigurationErrors.self) {
            try LoadedConfiguration.load(path)
        }
        #expect(
            error?.description == "\(path):3:8: proxy must be a mapping, key: value, not this text")
    }
}
