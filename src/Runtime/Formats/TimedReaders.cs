using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Penstock.Time;

namespace Penstock.Formats;

/// <summary>Checks the event times of rows.</summary>
internal static class RowTime
{
    /// <summary>
    /// Determines whether an event time is in range, or null where that is allowed: such a row can be read, and is set aside later.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TTime">Reads the event time of a row.</typeparam>
    /// <param name="time">The event time, as read by <typeparamref name="TTime"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsValid<T, TTime>(long time)
        where TTime : struct, IEventTime<T> =>
        EventTimes.IsInRange(time) || (TTime.IsNullable && time == EventTimes.Null);
}

/// <summary>
/// Reads CSV rows with an event time. A row whose event time is out of range is a bad row, and is reported with its text.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TReader">Reads the columns.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimedCsvReader<T, TReader, TTime> : ICsvRowReader<T>
    where TReader : struct, ICsvRowReader<T>
    where TTime : struct, IEventTime<T>
{
    /// <inheritdoc/>
    public static TextColumn[] Columns => TReader.Columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref CsvCursor cursor, [MaybeNullWhen(false)] out T row) =>
        TReader.TryRead(ref cursor, out row) && RowTime.IsValid<T, TTime>(TTime.Of(in row));

    /// <inheritdoc/>
    public static bool TryRead(TextRow fields, [MaybeNullWhen(false)] out T row) =>
        TReader.TryRead(fields, out row) && fields.CheckTime<T, TTime>(in row);
}

/// <summary>
/// Reads JSON rows with an event time. A row whose event time is out of range is a bad row, and is reported with its text.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TReader">Reads the columns.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimedJsonReader<T, TReader, TTime> : IJsonRowReader<T>
    where TReader : struct, IJsonRowReader<T>
    where TTime : struct, IEventTime<T>
{
    /// <inheritdoc/>
    public static TextColumn[] Columns => TReader.Columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref JsonCursor cursor, [MaybeNullWhen(false)] out T row) =>
        TReader.TryRead(ref cursor, out row) && RowTime.IsValid<T, TTime>(TTime.Of(in row));

    /// <inheritdoc/>
    public static bool TryRead(TextRow fields, [MaybeNullWhen(false)] out T row) =>
        TReader.TryRead(fields, out row) && fields.CheckTime<T, TTime>(in row);
}

/// <summary>
/// Reads messages with an event time. A row whose event time is out of range is a bad row, and is reported with the whole message.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TReader">Reads the message.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimedMessageReader<T, TReader, TTime> : IMessageReader<T>
    where TReader : struct, IMessageReader<T>
    where TTime : struct, IEventTime<T>
{
    /// <inheritdoc/>
    public static TextColumn[] Columns => TReader.Columns;

    /// <inheritdoc/>
    public static MetadataColumn[] Metadata => TReader.Metadata;

    /// <inheritdoc/>
    public static bool TryRead(MessageFields message, [MaybeNullWhen(false)] out T row) =>
        TReader.TryRead(message, out row) && message.CheckTime<T, TTime>(in row);
}
