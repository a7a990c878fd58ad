package import MirrorSystem

/// A range of an open file, for bodies that the kernel can send by itself.
///
/// It keeps the file open, so it stays readable when the file is removed.
public struct FileRegion: Sendable {
    package let file: SharedFile
    /// The bytes meant, as offsets in the file.
    public let range: Range<Int64>

    package init(file: SharedFile, range: Range<Int64>) {
        self.file = file
        self.range = range
    }

    /// Takes over a descriptor that is open for reading; it is closed with the last region that
    /// shares it.
    public init(owning descriptor: Int32, range: Range<Int64>) {
        self.init(file: SharedFile(owning: descriptor), range: range)
    }

    /// Another range of the same open file.
    public func with(range: Range<Int64>) -> FileRegion {
        FileRegion(file: file, range: range)
    }
}
