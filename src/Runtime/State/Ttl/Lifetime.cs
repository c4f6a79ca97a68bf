using Penstock.Time;

namespace Penstock.State;

/// <summary>How long the entries of a collection state live.</summary>
/// <param name="clock">The clock of the operator.</param>
/// <param name="ttl">After how long they expire, in microseconds.</param>
/// <param name="onRead">Whether reading lets them live on, too.</param>
/// <param name="isProcessing">Whether it is processing time that counts.</param>
internal sealed class Lifetime(StateClock clock, long ttl, bool onRead, bool isProcessing)
{
    public bool OnRead => onRead;

    /// <summary>What has a deadline up to then, no row will see again.</summary>
    public long Past => isProcessing ? clock.ProcessingNow : clock.Past;

    private long Now => isProcessing ? clock.ProcessingNow : clock.Now;

    public bool IsOver(long expires) => expires <= Now;

    /// <summary>The deadline of what has one and is written now.</summary>
    public long After(long expires) => Expiry.Later(expires, Expiry.Deadline(Now, ttl));

    /// <summary>The deadline of what may have been saved without one. There is no element that was never written.</summary>
    public long Started(long expires)
    {
        Expiry.Start(ref expires, Watermarks.None, ttl);
        Expiry.Start(ref expires, isProcessing ? clock.ProcessingNow : clock.Written, ttl);
        return expires;
    }

    public void Register(ISwept swept) => clock.Register(swept);

    public void Restored(ISwept swept) => clock.Restored(swept);
}

/// <summary>The deadline of an element, in tables whose elements have one; it takes no room in the others.</summary>
internal interface ILife
{
    /// <summary>Whether elements have a deadline.</summary>
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
            // It lives for ever.
        }
    }
}

/// <summary>A deadline.</summary>
internal struct Life : ILife
{
    public static bool IsLimited => true;

    public long Expires { get; set; }
}
