using System.ComponentModel;
using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>
/// Files beside the checkpoints, in which a sink can keep the output of a checkpoint until it is committed: as durable as the checkpoint
/// itself, and there for the process that goes on with the job. Only the sink deletes them.
/// </summary>
/// <remarks>Names consist of digits, letters, dots and hyphens. Different files may be used on several threads at a time.</remarks>
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

        // Any character can be part of an id; few can be part of a name. The hash is the stable one that keys have.
        _prefix = $"sink-{State.StableHash.Of(sink, State.StableHash.NoSecret):x16}-";
    }

    /// <summary>Where the files are, for messages.</summary>
    public string Location => _storage.Location;

    /// <summary>
    /// The name under which this process writes what others may write, too: where a job runs over several nodes, one that was given up may
    /// still write the output of its subtasks, under another name. To be kept with what is prepared.
    /// </summary>
    /// <param name="name">The name, unique among those that this process gives to files of the sink.</param>
    /// <returns>The name to create the file with.</returns>
    public string NameHere(string name) => _writer == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{_writer}");

    /// <summary>
    /// Creates a file. It is durable when <see cref="IWritableFile.Sync"/> returns, at the latest when the checkpoint is published.
    /// </summary>
    /// <param name="name">The name, unique in the sink.</param>
    /// <returns>The file, to be disposed.</returns>
    public IWritableFile Create(string name) => _storage.Create(_prefix + name);

    /// <summary>Opens a file.</summary>
    /// <param name="name">The name of the file.</param>
    /// <returns>The file, to be disposed.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public IReadableFile OpenRead(string name) => _storage.OpenRead(_prefix + name);

    /// <summary>Lists the files of the sink.</summary>
    /// <returns>Their names, in no particular order.</returns>
    public IReadOnlyList<string> List() =>
        [.. _storage.List().Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)).Select(name => name[_prefix.Length..])];

    /// <summary>Deletes a file, if it is there.</summary>
    /// <param name="name">The name of the file.</param>
    public void Delete(string name) => _storage.Delete(_prefix + name);
}
