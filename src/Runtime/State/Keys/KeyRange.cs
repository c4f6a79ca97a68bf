namespace Penstock.State;

/// <summary>Which keys a subtask owns, for tables that are restored at another parallelism.</summary>
internal readonly record struct KeyRange(int Subtask, int Parallelism, int KeyGroupCount)
{
    // The groups of a subtask follow each other.
    private int First => FirstOf(Subtask);

    /// <summary>Whether keys were saved by release 0.1, to which 0 and -0.0 were two keys.</summary>
    public bool HasSignedZeros { get; init; }

    private int End => FirstOf(Subtask + 1);

    /// <summary>How many groups the subtask owns.</summary>
    public int Size => End - First;

    /// <summary>The groups that the subtask owns.</summary>
    public KeyGroupRange Groups => new(First, Size);

    public bool Owns<TKey>(TKey key)
        where TKey : struct, IKey<TKey> =>
        Parallelism == 1 || KeyGroups.OwnerOf(KeyGroups.Of(TKey.GroupHash(key), KeyGroupCount), KeyGroupCount, Parallelism) == Subtask;

    /// <summary>How many groups are of both ranges.</summary>
    public int SharedWith(KeyRange other) => Math.Max(0, Math.Min(End, other.End) - Math.Max(First, other.First));

    // The first group of which KeyGroups.OwnerOf says that the subtask owns it.
    private int FirstOf(int subtask) => (int)(((long)subtask * KeyGroupCount + Parallelism - 1) / Parallelism);
}
