using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Runtime.Tests.Formats.Rows;

/// <summary>The values that an operator has read.</summary>
public readonly record struct Seen(string Value);

/// <summary>Fields that share memory: the low half of one field is the other one.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct Overlapping
{
    [FieldOffset(0)]
    public int Low;

    [FieldOffset(0)]
    [Column(Ignore = true)]
    public int Same;

    [FieldOffset(4)]
    public int High;

    [FieldOffset(0)]
    [Column(Ignore = true)]
    public long Both;
}

/// <summary>A member of a nested object, which is read through the object.</summary>
public struct Neighbours
{
    public long First;
    public long Second;

    public long Behind => Unsafe.Add(ref First, 1);
}

/// <summary>The same without a type name that indicates it.</summary>
public struct Referenced
{
    public long First;
    public long Second;

    public long Behind => Places.Next(in First);
}

/// <summary>Methods outside of a row that read it.</summary>
public static class Places
{
    public static long Next(ref readonly long place) => Unsafe.Add(ref Unsafe.AsRef(in place), 1);

    public static long Product(this Extended row) => row.First * row.Second;
}

/// <summary>A member that an extension method of the row computes.</summary>
public sealed record Extended(long First, long Second)
{
    public long Value => this.Product();
}

/// <summary>A constructor that keeps a column outside of the row.</summary>
public sealed class Remembered
{
    private static long _sum;

    public Remembered(long first, long second)
    {
        First = first;
        Second = second;
        _sum = second;
    }

    public long First { get; }

    public long Second { get; }

    public static long Sum => _sum;

    public long Last => _sum;
}

/// <summary>A setter that keeps a column outside of the row.</summary>
public sealed class Counted
{
    private static long _last;

    public long First { get; set; }

    public long Second { get => _last; set => _last = value; }

    public long Last => _last;
}

/// <summary>A setter whose value another setter changes.</summary>
public sealed class Chained
{
    private long _twice;

    public long First { get; set; }

    public long Second { get => _twice / 2; set => Doubled = value; }

    [Column(Ignore = true)]
    public long Doubled { get => _twice; set => _twice = value * 2; }

    public long Value => _twice;
}

/// <summary>A property whose accessors are in another part of the class.</summary>
public sealed partial class Parted
{
    private long _twice;

    public long First { get; set; }

    public partial long Second { get; set; }

    public long Value => _twice;
}

public sealed partial class Parted
{
    public partial long Second
    {
        get => _twice / 2;
        set
        {
            _twice = value;
            _twice *= 2;
        }
    }
}

/// <summary>The whole row, through its ToString method.</summary>
public sealed record Printed(long First, long Second)
{
    public string Value => ToString();

    public override string ToString() => $"{First}/{Second}";
}

/// <summary>A value that is stored for all equal rows.</summary>
public sealed record Cached(long First, long Second)
{
    private static readonly Dictionary<Cached, long> Products = [];

    public long Value
    {
        get
        {
            if (!Products.TryGetValue(this, out var product))
            {
                Products.Add(this, product = First);
            }

            return product + Products.Count;
        }
    }
}

[Operator]
public sealed partial class ReadBoth
{
    [Map]
    private static Seen Of(in Overlapping row) => new($"{row.Both}");
}

[Operator]
public sealed partial class ReadSame
{
    [Map]
    private static Seen Of(in Overlapping row) => new($"{row.Same}");
}

[Operator]
public sealed partial class ReadBehind
{
    [Map]
    private static Seen Of(in Neighbours row) => new($"{row.Behind}");
}

[Operator]
public sealed partial class ReadBehindByReference
{
    [Map]
    private static Seen Of(in Referenced row) => new($"{Places.Next(in row.First)} {row.Behind}");
}

[Operator]
public sealed partial class ReadExtended
{
    [Map]
    private static Seen Of(in Extended row) => new($"{row.Value}");
}

[Operator]
public sealed partial class ReadRemembered
{
    [Map]
    private static Seen Of(in Remembered row) => new($"{row.Last} {Remembered.Sum}");
}

[Operator]
public sealed partial class ReadCounted
{
    [Map]
    private static Seen Of(in Counted row) => new($"{row.Last}");
}

[Operator]
public sealed partial class ReadChained
{
    [Map]
    private static Seen Of(in Chained row) => new($"{row.Value}");
}

[Operator]
public sealed partial class ReadParted
{
    [Map]
    private static Seen Of(in Parted row) => new($"{row.Value}");
}

[Operator]
public sealed partial class ReadPrinted
{
    [Map]
    private static Seen Of(in Printed row) => new(row.Value);
}

[Operator]
public sealed partial class ReadCached
{
    [Map]
    private static Seen Of(in Cached row) => new($"{row.Value}");
}

/// <summary>Rows of which operators read columns that the compiler cannot determine.</summary>
[Pipeline]
public sealed partial class UnseenPipeline
{
    [FileSource("overlapping.csv")]
    public partial Stream<Overlapping> Overlapping { get; }

    [Apply<ReadBoth>(nameof(Overlapping)), FileSink("overlapping-out.csv")]
    public partial Stream<Seen> OverlappingOut { get; }

    [FileSource("same.csv")]
    public partial Stream<Overlapping> Same { get; }

    [Apply<ReadSame>(nameof(Same)), FileSink("same-out.csv")]
    public partial Stream<Seen> SameOut { get; }

    [FileSource("neighbours.csv")]
    public partial Stream<Neighbours> Neighbours { get; }

    [Apply<ReadBehind>(nameof(Neighbours)), FileSink("neighbours-out.csv")]
    public partial Stream<Seen> NeighboursOut { get; }

    [FileSource("referenced.csv")]
    public partial Stream<Referenced> Referenced { get; }

    [Apply<ReadBehindByReference>(nameof(Referenced)), FileSink("referenced-out.csv")]
    public partial Stream<Seen> ReferencedOut { get; }

    [FileSource("extended.csv")]
    public partial Stream<Extended> Extended { get; }

    [Apply<ReadExtended>(nameof(Extended)), FileSink("extended-out.csv")]
    public partial Stream<Seen> ExtendedOut { get; }

    [FileSource("remembered.csv")]
    public partial Stream<Remembered> Remembered { get; }

    [Apply<ReadRemembered>(nameof(Remembered)), FileSink("remembered-out.csv")]
    public partial Stream<Seen> RememberedOut { get; }

    [FileSource("counted.csv")]
    public partial Stream<Counted> Counted { get; }

    [Apply<ReadCounted>(nameof(Counted)), FileSink("counted-out.csv")]
    public partial Stream<Seen> CountedOut { get; }

    [FileSource("chained.csv")]
    public partial Stream<Chained> Chained { get; }

    [Apply<ReadChained>(nameof(Chained)), FileSink("chained-out.csv")]
    public partial Stream<Seen> ChainedOut { get; }

    [FileSource("parted.csv")]
    public partial Stream<Parted> Parted { get; }

    [Apply<ReadParted>(nameof(Parted)), FileSink("parted-out.csv")]
    public partial Stream<Seen> PartedOut { get; }

    [FileSource("printed.csv")]
    public partial Stream<Printed> Printed { get; }

    [Apply<ReadPrinted>(nameof(Printed)), FileSink("printed-out.csv")]
    public partial Stream<Seen> PrintedOut { get; }

    [FileSource("cached.csv")]
    public partial Stream<Cached> Cached { get; }

    [Apply<ReadCached>(nameof(Cached)), FileSink("cached-out.csv")]
    public partial Stream<Seen> CachedOut { get; }
}
