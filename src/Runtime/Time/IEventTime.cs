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

    /// <summary>
    /// Indicates whether the source stamps rows with the time at which it reads them; then <see cref="Of"/> is not called.
    /// </summary>
    static virtual bool IsStamped => false;

    /// <summary>Indicates whether rows decide the watermarks, by <see cref="WatermarkOf"/>, in place of the maximum delay.</summary>
    static virtual bool HasWatermarks => false;

    /// <summary>Returns the watermark that a row sets.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time, in microseconds since the Unix epoch.</param>
    /// <returns>Microseconds since the Unix epoch; <see cref="Watermarks.None"/> if the row sets none.</returns>
    static virtual long WatermarkOf(in T row, long time) => Watermarks.None;

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

/// <summary>The event time of a stream whose source stamps each row with the time at which it reads it.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IngestionTime<T> : IEventTime<T>
{
    /// <inheritdoc/>
    public static bool IsStamped => true;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: the row does not contain its time.</exception>
    public static long Of(in T row) => throw new InvalidOperationException("The row does not contain its event time.");
}
