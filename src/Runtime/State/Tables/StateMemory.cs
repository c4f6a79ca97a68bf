namespace Penstock.State;

/// <summary>
/// The memory that a part of an operator's state takes, over all its subtasks: what its tables have allocated, exactly, and an estimate of
/// the objects that its entries refer to. Tables report when they grow, so that no row pays for it.
/// </summary>
/// <param name="budget">The budget of the pipeline.</param>
/// <param name="id">The id of the operator.</param>
/// <param name="part">Which part: a collection state, or that of what is beside it.</param>
/// <param name="countsKeys">Whether its keys are those that the state holds, and not what it knows of them.</param>
internal sealed class StateMemory(StateBudget budget, string id, string part, bool countsKeys)
{
    // UTF-8 becomes UTF-16, and what a file holds once has the header of an object around it.
    private const int ObjectBytesPerSavedByte = 2;

    // An average of fewer entries than this part of all says too little.
    private const int SmallestSample = 64;

    private long _tables;
    private long _keys;
    private double _referredPerKey;

    /// <summary>The id of the operator.</summary>
    public string Id => id;

    /// <summary>Which part of the operator's state.</summary>
    public string Part => part;

    /// <summary>The keys, as of the last growth or checkpoint of their table; in windows per window.</summary>
    public long Keys => Volatile.Read(ref _keys);

    /// <summary>The bytes of the tables and of what their entries refer to.</summary>
    public long Bytes => Volatile.Read(ref _tables) + (long)(Volatile.Read(ref _referredPerKey) * Math.Max(0, Keys));

    /// <summary>Adds what a table is about to allocate, or has let go.</summary>
    /// <param name="bytes">The bytes; negative where they are let go.</param>
    /// <param name="keys">The keys that came since the last call.</param>
    /// <exception cref="StateLimitException">The pipeline's state would exceed its limit.</exception>
    public void Add(long bytes, long keys)
    {
        Interlocked.Add(ref _keys, countsKeys ? keys : 0);
        Interlocked.Add(ref _tables, bytes);
        if (bytes > 0)
        {
            budget.Check();
        }
    }

    /// <summary>Learns from a checkpoint how much memory entries refer to.</summary>
    /// <param name="bytes">The bytes that entries took in it.</param>
    /// <param name="entries">How many they were.</param>
    /// <param name="all">How many entries the table has.</param>
    public void Sample(long bytes, long entries, long all)
    {
        if (entries > 0 && entries >= all / SmallestSample)
        {
            Volatile.Write(ref _referredPerKey, (double)bytes / entries * ObjectBytesPerSavedByte);
        }
    }
}

/// <summary>The memory of all the state of a pipeline, and its limit.</summary>
/// <param name="pipeline">The name of the pipeline.</param>
/// <param name="limit">The limit in bytes; null for none.</param>
internal sealed class StateBudget(string pipeline, long? limit)
{
    private volatile StateMemory[] _parts = [];

    /// <summary>What each operator with state takes.</summary>
    public IEnumerable<OperatorMemory> Operators => _parts
        .GroupBy(static memory => memory.Id)
        .Select(static parts => new OperatorMemory(parts.Key, parts.Sum(static part => part.Bytes), parts.Sum(static part => part.Keys)));

    /// <summary>The bytes that all of them take.</summary>
    public long Bytes => _parts.Sum(static memory => memory.Bytes);

    /// <summary>
    /// The account of a part of an operator's state, the same for all its subtasks. Called while a graph is built, by one thread.
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

/// <summary>The memory of all the state of an operator.</summary>
internal sealed record OperatorMemory(string Id, long Bytes, long Keys);
