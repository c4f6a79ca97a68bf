using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A storage of checkpoints with an empty place, for one check of <see cref="StorageConformance"/>.</summary>
public sealed class StorageSetup
{
    /// <summary>
    /// Creates a storage of the place of the setup, not opened yet. Called several times: each call stands for another process.
    /// </summary>
    public required Func<ICheckpointStorage> Create { get; init; }

    /// <summary>
    /// The sizes of objects that are written and read, in bytes. Default: 0, 1, 70,000 and somewhat more than a megabyte. Where objects are
    /// stored in parts, add the size of a part, one byte less and more, and several parts.
    /// </summary>
    public IReadOnlyList<int> Sizes { get; init; } = [0, 1, 70_000, (1024 * 1024) + 1];

    /// <summary>Called when the check is done; null for nothing.</summary>
    public Action? CleanUp { get; init; }
}
