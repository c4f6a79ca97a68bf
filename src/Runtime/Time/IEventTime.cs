using System.ComponentModel;

namespace Penstock.Time;

/// <summary>Reads the event time of a row. Implemented by generated structs, so that calls are direct.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IEventTime<T>
{
    /// <summary>Returns the event time of a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Microseconds since the Unix epoch; <see cref="long.MinValue"/> if the event time is null.</returns>
    static abstract long Of(in T row);

    /// <summary>Indicates whether the event time of a row may be null.</summary>
    static virtual bool IsNullable => false;

    /// <summary>The name of the column or member that contains the event time, for messages.</summary>
    static virtual string Column => "";
}

/// <summary>
/// The event time of a stream without one: every row is at 0, and the watermark does not advance before the end of input.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NoEventTime<T> : IEventTime<T>
{
    /// <inheritdoc/>
    public static long Of(in T row) => 0;
}
