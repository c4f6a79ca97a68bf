using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>The members of one object that have occurred so far.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct JsonMembers
{
    // Bit n is set for member n, and for member 64 + n.
    private Bits _low;
    private Bits _high;

    internal bool HasStarted { get; set; }

    /// <summary>The start of the value of the last member.</summary>
    internal nint ValueAt { get; set; }

    /// <summary>The nesting depth of the object.</summary>
    internal int Depth { get; set; }

    /// <summary>Determines whether the object lacks a member. A member that is null is not missing.</summary>
    /// <param name="member">The index of the member.</param>
    /// <returns><c>true</c> if the member is missing.</returns>
    public readonly bool IsMissing(int member) => ((member < 64 ? _low.Met : _high.Met) & (1UL << member)) == 0;

    /// <summary>Returns those of some members that have not occurred.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly (ulong Low, ulong High) Lacking(ulong low, ulong high) => (low & ~_low.Met, high & ~_high.Met);

    /// <summary>
    /// Determines whether the value of a member counts: an exact name takes precedence over one in another case, wherever they occur.
    /// </summary>
    /// <returns>The index, or −1 if the value does not count.</returns>
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
