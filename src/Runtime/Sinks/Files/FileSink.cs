using System.ComponentModel;
using Penstock.Formats;

namespace Penstock.Sinks.Files;

/// <summary>
/// Writes rows to part files that become visible when their checkpoint is committed, exactly once: until then they are
/// hidden temporary files in the same folder. Rows of all kinds are written as rows.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TWriter">The generated writer.</typeparam>
/// <param name="options">The part files.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FileSink<T, TWriter>(FileSinkOptions options) : ISink<T>
    where TWriter : struct, IRowWriter<T>
{
    private readonly PartNames _names = new(options.Path);

    /// <inheritdoc/>
    public ISinkWriter<T> OpenWriter(int subtask) => new FileSinkWriter<T, TWriter>(options, _names, subtask);

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => new FileSinkCommitter(options.FileSystem, _names);
}
