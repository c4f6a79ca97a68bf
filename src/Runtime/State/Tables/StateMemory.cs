namespace Penstock.State;

/// <summary>
/// The memory of a part of an operator's state, over all of its subtasks: the exact allocation of its tables, plus an estimate for the
/// objects that its entries refer to. Tables report when they grow, so there is no cost per row.
/// </summary>
/// <param name="budget">The budget of the pipeline.</param>
/// <param name="id">The id of the operator.</param>
/// <param name="part">The name of the part: a collection state, or empty for the other state.</param>
/// <param name="countsKeys"><c>true</c> if its keys are the keys of the state, and not metadata about them.</param>
internal sealed class StateMemory(StateBudget budget, string id, string part, bool countsKeys)
{
    // UTF-8 becomes UTF-16, and serialized objects get an object header in memory.
    private const int ObjectBytesPerSavedByte = 2;

    // The inverse of the smallest fraction of entries whose average is meaningful.
    private const int MinSampleSize = 64;

    private long _tables;
    private long _keys;
    private double _referredPerKey;

    /// <summary>The id of the operator.</summary>
    public string Id => id;

    /// <summary>The name of the part of the operator's state.</summary>
    public string Part => part;

    /// <summary>The number of keys, as of the last growth or checkpoint of their table; for windows, counted per window.</summary>
    public long Keys => Volatile.Read(ref _keys);

    /// <summary>The bytes of the tables and of the objects that their entries refer to.</summary>
    public long Bytes => Volatile.Read(ref _tables) + (long)(Volatile.Read(ref _referredPerKey) * Math.Max(0, Keys));

    /// <summary>Adds an allocation of a table, before it is made, or a release.</summary>
    /// <param name="bytes">The number of bytes; negative for a release.</param>
    /// <param name="keys">The number of keys added since the last call.</param>
    /// <exception cref="StateLimitException">The state of the pipeline would exceed its limit.</exception>
    public void Add(long bytes, long keys)
    {
        Interlocked.Add(ref _keys, countsKeys ? keys : 0);
        Interlocked.Add(ref _tables, bytes);
        if (bytes > 0)
        {
            budget.Check();
        }
    }

    /// <summary>Updates the estimate for the objects that entries refer to from a checkpoint.</summary>
    /// <param name="bytes">The serialized size of the entries in the checkpoint, in bytes.</param>
    /// <param name="entries">The number of those entries.</param>
    /// <param name="all">The number of all entries in the table.</param>
    public void Sample(long bytes, long entries, long all)
    {
        if (entries > 0 && entries >= all / MinSampleSize)
        {
            Volatile.Write(ref _referredPerKey, (double)bytes / entries * ObjectBytesPerSavedByte);
        }
    }
}

/// <summary>The memory of the whole state of a pipeline, with its limit.</summary>
/// <param name="pipeline">The name of the pipeline.</param>
/// <param name="limit">The limit in bytes, or null for none.</param>
internal sealed class StateBudget(string pipeline, long? limit)
{
    private volatile StateMemory[] _parts = [];

    /// <summary>The memory of each operator with state.</summary>
    public IEnumerable<OperatorMemory> Operators => _parts
        .GroupBy(static memory => memory.Id)
        .Select(static parts => new OperatorMemory(parts.Key, parts.Sum(static part => part.Bytes), parts.Sum(static part => part.Keys)));

    /// <summary>The memory of all operators, in bytes.</summary>
    public long Bytes => _parts.Sum(static memory => memory.Bytes);

    /// <summary>
    /// Returns the account of a part of an operator's state, which all of its subtasks share. Called by one thread while a graph is built.
    /// </summary>
    public StateMemory For(string id, string part = "", bool countsKeys = true)
    {
        if (Array.Find(_parts, memory => memory.Id == id && memory.Part == part) is { } known)
        {
            return known;
        }

        var added = new StateMemory(this, id, part, countsKeys);
        _parts = [.. _parts, added];
        return added;
    }

    public void Check()
    {
        if (limit is { } most && Bytes > most)
        {
            throw new StateLimitException(
                pipeline,
                most,
                [.. Operators.Where(static memory => memory.Bytes > 0).OrderByDescending(static memory => memory.Bytes)]);
        }
    }
}

/// <summary>The memory of the whole state of an operator.</summary>
internal sealed record OperatorMemory(string Id, long Bytes, long Keys);
