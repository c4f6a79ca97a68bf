using System.Buffers;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>A reader for the rest of a file that is skipped: it has no rows.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="path">The file.</param>
/// <param name="position">The saved position in the file.</param>
internal sealed class SkippedFileReader<T>(string path, byte[] position) : ISplitReader<T>
{
    public ReadStatus Read(RowAppender<T> rows) => ReadStatus.Ended;

    public void SavePosition(IBufferWriter<byte> target) => target.Write(position);

    public string Describe(int index) => path;

    public void Dispose()
    {
        // There is nothing to close.
    }
}
