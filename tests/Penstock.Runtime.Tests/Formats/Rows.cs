namespace Penstock.Runtime.Tests.Formats;

// The row types whose generated readers and writers are in Codecs.verified.cs.
public readonly record struct Flight(DateTime Scheduled, int Delay, int Distance, string Origin, string Destination);

public enum Color
{
    Red,
    Green,
    Blue = 7,
}

public sealed record Everything(
    bool Flag,
    char Letter,
    sbyte I8,
    byte U8,
    short I16,
    ushort U16,
    int I32,
    uint U32,
    long I64,
    ulong U64,
    float F32,
    double F64,
    decimal Money,
    string Text,
    DateTime Moment,
    DateTimeOffset Zoned,
    DateOnly Day,
    TimeOnly Clock,
    TimeSpan Span,
    Guid Id,
    Color Color);

public sealed record Maybe
{
    public bool? Flag { get; init; }

    public char? Letter { get; init; }

    public sbyte? I8 { get; init; }

    public byte? U8 { get; init; }

    public short? I16 { get; init; }

    public ushort? U16 { get; init; }

    public int? I32 { get; init; }

    public uint? U32 { get; init; }

    public long? I64 { get; init; }

    public ulong? U64 { get; init; }

    public float? F32 { get; init; }

    public double? F64 { get; init; }

    public decimal? Money { get; init; }

    public string? Text { get; init; }

    public DateTime? Moment { get; init; }

    public DateTimeOffset? Zoned { get; init; }

    public DateOnly? Day { get; init; }

    public TimeOnly? Clock { get; init; }

    public TimeSpan? Span { get; init; }

    public Guid? Id { get; init; }

    public Color? Color { get; init; }
}

// Custom formats, a column that nothing reads, and a member whose name is a keyword.
public sealed record Dates
{
    public DateTime Moment { get; init; }

    public DateOnly? Day { get; init; }

    public string? Note { get; init; }

    public int @class { get; init; }
}

public sealed record Texts(string A, string? B, string C);

// Names that differ only in case.
public sealed record Cased(string Lower, string Upper);

public sealed record Formatted(
    DateTime Milli,
    DateTime Minute,
    DateTime? Second,
    DateTimeOffset Zoned,
    DateTimeOffset Naive,
    DateOnly Day,
    DateOnly? Compact,
    TimeOnly Clock,
    TimeSpan Span);

public sealed record OneText(string? Text);
