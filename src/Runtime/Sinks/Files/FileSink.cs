using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Sinks.Files;

/// <summary>
/// Writes rows to part files that become visible exactly once, when their checkpoint is committed. Rows of all kinds are written alike.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TWriter">The generated writer.</typeparam>
/// <param name="options">The options of the part files.</param>
/// <param name="open">Opens the store of the part files.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FileSink<T, TWriter>(FileSinkOptions options, Func<IPartStore> open) : ISink<T>
    where TWriter : struct, IRowWriter<T>
{
    private readonly PartNames _names = new(Path.GetFileName(options.Path));

    /// <summary>Creates a sink that writes to a folder.</summary>
    /// <param name="options">The options of the part files.</param>
    public FileSink(FileSinkOptions options)
        : this(options, () => new PartFolder(options.FileSystem, options.Path, options.Background, options.Writer))
    {
    }

    /// <inheritdoc/>
    public ISinkWriter<T> OpenWriter(int subtask) => new FileSinkWriter<T, TWriter>(options, open(), _names, subtask);

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => new FileSinkCommitter(open(), _names);
}
