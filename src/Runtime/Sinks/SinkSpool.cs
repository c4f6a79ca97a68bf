using System.ComponentModel;
using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>
/// Files beside the checkpoints, in which a sink can keep the output of a checkpoint until it is committed. They are as durable as the
/// checkpoint itself, and available to the process that resumes the job. Only the sink deletes them.
/// </summary>
/// <remarks>Names consist of digits, letters, dots and hyphens. Different files may be used on several threads concurrently.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SinkSpool
{
    private readonly ICheckpointStorage _storage;
    private readonly string _prefix;
    private readonly int _writer;

    internal SinkSpool(ICheckpointStorage storage, string sink, int writer)
    {
        _writer = writer;
        _storage = storage;

        // An id may contain any character, a file name only a few. The hash is the stable hash of keys.
        _prefix = $"sink-{State.StableHash.Of(sink, State.StableHash.FixedSecret):x16}-";
    }

    /// <summary>The location of the files, for messages.</summary>
    public string Location => _storage.Location;

    /// <summary>
    /// Returns the name under which this process writes a file that other processes may write, too: if a job runs on several nodes, an
    /// abandoned node may still write the output of its subtasks, under another name. Store this name with the prepared data.
    /// </summary>
    /// <param name="name">The name, unique among the files that this process writes for the sink.</param>
    /// <returns>The name for creating the file.</returns>
    public string QualifyName(string name) => _writer == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{_writer}");

    /// <summary>
    /// Creates a file. It is durable when <see cref="IWritableFile.Sync"/> returns, at the latest when the checkpoint is published.
    /// </summary>
    /// <param name="name">The name, unique within the sink.</param>
    /// <returns>The file, to be disposed.</returns>
    public IWritableFile Create(string name) => _storage.Create(_prefix + name);

    /// <summary>Opens a file.</summary>
    /// <param name="name">The name of the file.</param>
    /// <returns>The file, to be disposed.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public IReadableFile OpenRead(string name) => _storage.OpenRead(_prefix + name);

    /// <summary>Lists the files of the sink.</summary>
    /// <returns>The names, in no particular order.</returns>
    public IReadOnlyList<string> List() =>
        [.. _storage.List().Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)).Select(name => name[_prefix.Length..])];

    /// <summary>Deletes a file if it exists.</summary>
    /// <param name="name">The name of the file.</param>
    public void Delete(string name) => _storage.Delete(_prefix + name);
}
