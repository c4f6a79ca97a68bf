namespace Penstock.Sources;

/// <summary>The rows that were taken out of a batch, in ascending order: a reader that is asked about a row counts them.</summary>
internal readonly struct RemovedRows()
{
    private readonly List<int> _indices = [];

    /// <summary>Notes a row.</summary>
    /// <param name="index">Its index among the rows as they were read.</param>
    public void Add(int index) => _indices.Add(index);

    public void Clear() => _indices.Clear();

    /// <summary>Where a row of the batch stood when it was read.</summary>
    /// <param name="index">Its index now.</param>
    public int IndexAsRead(int index)
    {
        foreach (var removed in _indices)
        {
            index += removed <= index ? 1 : 0;
        }

        return index;
    }
}
