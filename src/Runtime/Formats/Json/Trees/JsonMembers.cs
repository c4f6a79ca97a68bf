using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>The members of one object that were met.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct JsonMembers
{
    // Bit n: member n, and member 64 + n.
    private Bits _low;
    private Bits _high;

    internal bool IsBegun { get; set; }

    /// <summary>Where the value of the last one begins.</summary>
    internal nint ValueAt { get; set; }

    /// <summary>How deep the object is.</summary>
    internal int Depth { get; set; }

    /// <summary>Whether the object has no such member. One that is null is there.</summary>
    /// <param name="member">The index of the member.</param>
    /// <returns>Whether the object lacks it.</returns>
    public readonly bool Lacks(int member) => ((member < 64 ? _low.Met : _high.Met) & (1UL << member)) == 0;

    /// <summary>Those of some members that were not met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly (ulong Low, ulong High) Lacking(ulong low, ulong high) => (low & ~_low.Met, high & ~_high.Met);

    /// <summary>Says whether the value of a member counts: an exact name wins over one in another case, wherever they stand.</summary>
    /// <returns>The index; −1 where it does not count.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Take(int found)
    {
        if (found < 0)
        {
            return -1;
        }

        var member = found & ~JsonNames.OtherCase;
        return (member < 64 ? _low.Take(1UL << member, member == found) : _high.Take(1UL << member, member == found)) ? member : -1;
    }

    private struct Bits
    {
        public ulong Met;
        public ulong Exact;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Take(ulong bit, bool isExact)
        {
            if (!isExact && (Exact & bit) != 0)
            {
                return false;
            }

            Met |= bit;
            Exact |= isExact ? bit : 0;
            return true;
        }
    }
}
