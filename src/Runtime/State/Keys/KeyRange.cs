namespace Penstock.State;

/// <summary>The keys that a subtask owns, for tables that are restored at another parallelism.</summary>
internal readonly record struct KeyRange(int Subtask, int Parallelism, int KeyGroupCount)
{
    // The groups of a subtask are consecutive.
    private int First => FirstOf(Subtask);

    /// <summary>Indicates whether keys were saved by release 0.1, for which 0 and -0.0 were different keys.</summary>
    public bool HasSignedZeros { get; init; }

    private int End => FirstOf(Subtask + 1);

    /// <summary>The number of groups that the subtask owns.</summary>
    public int Size => End - First;

    /// <summary>The groups that the subtask owns.</summary>
    public KeyGroupRange Groups => new(First, Size);

    public bool Owns<TKey>(TKey key)
        where TKey : struct, IKey<TKey> =>
        Parallelism == 1 || KeyGroups.OwnerOf(KeyGroups.Of(TKey.GroupHash(key), KeyGroupCount), KeyGroupCount, Parallelism) == Subtask;

    /// <summary>Returns the number of groups that two ranges have in common.</summary>
    public int SharedWith(KeyRange other) => Math.Max(0, Math.Min(End, other.End) - Math.Max(First, other.First));

    // The smallest group for which KeyGroups.OwnerOf returns the subtask.
    private int FirstOf(int subtask) => (int)(((long)subtask * KeyGroupCount + Parallelism - 1) / Parallelism);
}
