using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats;

/// <summary>A row of one column of any type, with readers in the form of generated ones.</summary>
public sealed record One<T>(T Value);

internal readonly struct OneValueReader<T> : ICsvRowReader<One<T>>, IJsonRowReader<One<T>>
    where T : struct
{
    public static TextColumn[] Columns { get; } = [new("value")];

    public static bool TryRead(ref CsvCursor cursor, out One<T> row)
    {
        var isRead = cursor.Read<T>(out var value) && cursor.EndRow();
        row = new One<T>(value);
        return isRead;
    }

    public static bool TryRead(ref JsonCursor cursor, out One<T> row)
    {
        T value = default;
        var isRead = cursor.First("\"value\":"u8) && cursor.Read<T>(out value) && cursor.EndRow();
        row = new One<T>(value);
        return isRead;
    }

    public static bool TryRead(TextRow fields, out One<T> row)
    {
        var isRead = fields.Read(0, out T value);
        row = new One<T>(value);
        return isRead;
    }
}

internal readonly struct OneNullableReader<T> : ICsvRowReader<One<T?>>, IJsonRowReader<One<T?>>
    where T : struct
{
    public static TextColumn[] Columns { get; } = [new("value", isNullable: true)];

    public static bool TryRead(ref CsvCursor cursor, out One<T?> row)
    {
        var isRead = cursor.ReadNullable(out T? value) && cursor.EndRow();
        row = new One<T?>(value);
        return isRead;
    }

    public static bool TryRead(ref JsonCursor cursor, out One<T?> row)
    {
        T? value = null;
        var isRead = cursor.First("\"value\":"u8) && cursor.ReadNullable(out value) && cursor.EndRow();
        row = new One<T?>(value);
        return isRead;
    }

    public static bool TryRead(TextRow fields, out One<T?> row)
    {
        var isRead = fields.ReadNullable(0, out T? value);
        row = new One<T?>(value);
        return isRead;
    }
}

internal readonly struct OneTextReader : ICsvRowReader<One<string>>, IJsonRowReader<One<string>>
{
    public static TextColumn[] Columns { get; } = [new("value")];

    public static bool TryRead(ref CsvCursor cursor, out One<string> row)
    {
        var isRead = cursor.ReadText(0, out var value) && cursor.EndRow();
        row = new One<string>(value);
        return isRead;
    }

    public static bool TryRead(ref JsonCursor cursor, out One<string> row)
    {
        var value = "";
        var isRead = cursor.First("\"value\":"u8) && cursor.ReadText(0, out value) && cursor.EndRow();
        row = new One<string>(value);
        return isRead;
    }

    public static bool TryRead(TextRow fields, out One<string> row)
    {
        var isRead = fields.ReadText(0, out var value);
        row = new One<string>(value);
        return isRead;
    }
}

internal readonly struct OneNullableTextReader : ICsvRowReader<One<string?>>, IJsonRowReader<One<string?>>
{
    public static TextColumn[] Columns { get; } = [new("value", isNullable: true)];

    public static bool TryRead(ref CsvCursor cursor, out One<string?> row)
    {
        var isRead = cursor.ReadNullableText(0, out var value) && cursor.EndRow();
        row = new One<string?>(value);
        return isRead;
    }

    public static bool TryRead(ref JsonCursor cursor, out One<string?> row)
    {
        string? value = null;
        var isRead = cursor.First("\"value\":"u8) && cursor.ReadNullableText(0, out value) && cursor.EndRow();
        row = new One<string?>(value);
        return isRead;
    }

    public static bool TryRead(TextRow fields, out One<string?> row)
    {
        var isRead = fields.ReadNullableText(0, out var value);
        row = new One<string?>(value);
        return isRead;
    }
}

/// <summary>Skips its only column.</summary>
internal readonly struct OneSkippingReader : ICsvRowReader<One<bool>>
{
    public static TextColumn[] Columns { get; } = [new("value", isRead: false, isNullable: true)];

    public static bool TryRead(ref CsvCursor cursor, out One<bool> row)
    {
        row = new One<bool>(true);
        return cursor.Skip() && cursor.EndRow();
    }

    public static bool TryRead(TextRow fields, out One<bool> row)
    {
        row = new One<bool>(true);
        return true;
    }
}
