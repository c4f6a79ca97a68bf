using Penstock.Time;

namespace Penstock.State;

/// <summary>The time to live of the entries of a collection state.</summary>
/// <param name="clock">The clock of the operator.</param>
/// <param name="ttl">The time to live, in microseconds.</param>
/// <param name="onRead"><c>true</c> if reading an entry renews its time to live, too.</param>
/// <param name="isProcessing"><c>true</c> to expire by processing time.</param>
internal sealed class Lifetime(StateClock clock, long ttl, bool onRead, bool isProcessing)
{
    public bool OnRead => onRead;

    /// <summary>The time up to which deadlines have passed for every later row.</summary>
    public long Past => isProcessing ? clock.ProcessingNow : clock.Past;

    private long Now => isProcessing ? clock.ProcessingNow : clock.Now;

    public bool IsExpired(long expires) => expires <= Now;

    /// <summary>Returns the deadline of an entry that has one and is written now.</summary>
    public long After(long expires) => Expiry.Later(expires, Expiry.Deadline(Now, ttl));

    /// <summary>Returns the deadline of an entry that may have been saved without one. Entries are always written.</summary>
    public long Started(long expires)
    {
        Expiry.Start(ref expires, Watermarks.None, ttl);
        Expiry.Start(ref expires, isProcessing ? clock.ProcessingNow : clock.Written, ttl);
        return expires;
    }

    /// <summary>Registers the entries with the clock.</summary>
    /// <param name="swept">The entries.</param>
    /// <param name="name">The name of the collection.</param>
    /// <param name="id">Its id.</param>
    /// <param name="formerIds">Its former ids.</param>
    public void Register(ISwept swept, string name, string id, IReadOnlyList<string> formerIds) =>
        clock.Register(swept, [new Deadline(id, formerIds, $"'{name}'", isProcessing)]);

    public void Restored(ISwept swept) => clock.Restored(swept);
}

/// <summary>The deadline of an element. It takes no memory in tables whose elements do not expire.</summary>
internal interface ILife
{
    /// <summary>Indicates whether elements have a deadline.</summary>
    static abstract bool IsLimited { get; }

    /// <summary>The deadline.</summary>
    long Expires { get; set; }
}

/// <summary>No deadline.</summary>
internal readonly struct NoLife : ILife
{
    public static bool IsLimited => false;

    public long Expires
    {
        get => long.MaxValue;
        set
        {
            // The element never expires.
        }
    }
}

/// <summary>A deadline.</summary>
internal struct Life : ILife
{
    public static bool IsLimited => true;

    public long Expires { get; set; }
}
