import MirrorCore
import MirrorTesting

/// The drivers that a mirror is run over.
enum StorageUnderTest: CaseIterable, Sendable {
    case memory, files

    /// An empty driver, and what it lies in.
    func make() throws -> (driver: any StorageDriver, folder: TemporaryFolder?) {
        switch self {
        case .memory: return (MemoryDriver(), nil)
        case .files:
            let folder = try TemporaryFolder()
            return (try FileSystemDriver(root: folder.path), folder)
        }
    }
}
