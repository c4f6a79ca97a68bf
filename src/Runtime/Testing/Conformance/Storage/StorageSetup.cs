using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A checkpoint storage with an empty place, for one check of <see cref="StorageConformance"/>.</summary>
public sealed class StorageSetup
{
    /// <summary>
    /// Creates an unopened storage for the place of the setup. Called several times: each call stands for another process.
    /// </summary>
    public required Func<ICheckpointStorage> Create { get; init; }

    /// <summary>
    /// The sizes of objects that are written and read, in bytes. Default: 0, 1, 70,000 and one byte more than a megabyte. If objects are
    /// stored in parts, add the size of a part, one byte less and one byte more, and the size of several parts.
    /// </summary>
    public IReadOnlyList<int> Sizes { get; init; } = [0, 1, 70_000, (1024 * 1024) + 1];

    /// <summary>Called when the check has finished; null if no cleanup is needed.</summary>
    public Action? CleanUp { get; init; }
}
