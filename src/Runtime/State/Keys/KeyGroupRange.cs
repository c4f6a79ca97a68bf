namespace Penstock.State;

/// <summary>A range of consecutive key groups.</summary>
internal sealed record KeyGroupRange(int First, int Count)
{
    /// <summary>Determines whether two ranges have a group in common.</summary>
    public bool Meets(KeyGroupRange other) => Math.Max(First, other.First) < Math.Min(First + Count, other.First + other.Count);
}
