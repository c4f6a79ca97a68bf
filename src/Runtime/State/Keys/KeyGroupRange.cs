namespace Penstock.State;

/// <summary>Key groups that follow each other.</summary>
internal sealed record KeyGroupRange(int First, int Count)
{
    /// <summary>Whether a group is of both ranges.</summary>
    public bool Meets(KeyGroupRange other) => Math.Max(First, other.First) < Math.Min(First + Count, other.First + other.Count);
}
