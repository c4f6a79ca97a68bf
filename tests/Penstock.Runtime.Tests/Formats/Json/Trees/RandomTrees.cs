using System.Text.Json;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Creates random trees with all kinds of members.</summary>
internal sealed class RandomTrees(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "NaN", "null", "a\"b\\c/d\b\f\n\r\t\u0001\u001f", "ä€😀\u2028", "x,y;\"z\"\r\n", "exactly 15 bytes", "a text that is longer than sixteen bytes", "'", "\u007f\u0080\uffff",
    ];

    private readonly Random _random = new(seed);

    public Tree Next(int id) => new(
        id,
        Values(),
        Maybe(() => new MaybeValues(
            Value(Bool),
            Value(() => 'ü'),
            Value(() => Whole<int>()),
            Value(() => Whole<long>()),
            Value(Double),
            Value(Money),
            Maybe(Text),
            Value(Moment),
            Value(Zoned),
            Value(Day),
            Value(Id),
            Value(Grade),
            Maybe(Bytes),
            Value(Point),
            Value(() => Any(2, mayBeNull: false)))),
        Many(Point),
        [.. Many(() => Maybe(Text))],
        Many<IReadOnlyList<int>>(() => Many(() => Whole<int>())),
        Dictionary(Point),
        Dictionary(() => Maybe<List<Box?>>(() => [.. Many(() => Maybe(Box))])),
        Maybe(() => Node(_random.Next(5))),
        Any(3, mayBeNull: true),
        Value(Point),
        Maybe(() => Many(Text)))
    {
        Extra = Maybe(Box),
    };

    public string Text() => _random.Next(3) == 0
        ? Texts[_random.Next(Texts.Length)]
        : new string([.. Enumerable.Range(0, _random.Next(40)).Select(_ => (char)_random.Next(0x20, 0x250))]);

    private Values Values() => new(
        Bool(),
        (char)_random.Next(1, 0xD800),
        Whole<sbyte>(),
        Whole<byte>(),
        Whole<short>(),
        Whole<ushort>(),
        Whole<int>(),
        Whole<uint>(),
        Whole<long>(),
        Whole<ulong>(),
        (float)Double(),
        Double(),
        Money(),
        Text(),
        Moment(),
        Zoned(),
        Day(),
        new TimeOnly(_random.NextInt64(TimeSpan.TicksPerDay)),
        new TimeSpan(_random.NextInt64(-TimeSpan.TicksPerDay * 1000, TimeSpan.TicksPerDay * 1000)),
        Id(),
        Grade(),
        Bytes());

    private Box Box() => new() { Label = Text(), Corner = Point(), Sizes = [.. Many(() => Value(() => Whole<int>()))] };

    private Node Node(int depth) =>
        new(Text(), depth == 0 ? null : Node(depth - 1), depth == 0 ? [] : [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Node(0))]);

    private JsonElement Any(int depth, bool mayBeNull) => JsonDocument.Parse(AnyText(depth, mayBeNull)).RootElement;

    private string AnyText(int depth, bool mayBeNull) => _random.Next(depth == 0 ? 4 : 6) switch
    {
        0 => mayBeNull ? "null" : "true",
        1 => _random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => "-1.5e10",
        3 => JsonSerializer.Serialize(Text()),
        4 => $"[{string.Join(",", Many(() => AnyText(depth - 1, mayBeNull: true)))}]",
        _ => $"{{{string.Join(",", Many(() => $"{JsonSerializer.Serialize(Text())}:{AnyText(depth - 1, mayBeNull: true)}"))}}}",
    };

    private T[] Many<T>(Func<T> make) => [.. Enumerable.Range(0, _random.Next(50) == 0 ? 20 : _random.Next(3)).Select(_ => make())];

    private Dictionary<string, T> Dictionary<T>(Func<T> make)
    {
        var made = new Dictionary<string, T>();
        foreach (var item in Many(make))
        {
            made[Text()] = item;
        }

        return made;
    }

    private T? Maybe<T>(Func<T> make)
        where T : class => _random.Next(4) == 0 ? null : make();

    private T? Value<T>(Func<T> make)
        where T : struct => _random.Next(4) == 0 ? null : make();

    private T Whole<T>()
        where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T> => _random.Next(5) switch
        {
            0 => T.MinValue,
            1 => T.MaxValue,
            2 => T.Zero,
            _ => T.CreateTruncating(_random.NextInt64() >> _random.Next(64)),
        };

    private bool Bool() => _random.Next(2) == 0;

    private double Double() => _random.Next(6) switch
    {
        0 => double.NaN,
        1 => double.NegativeInfinity,
        2 => -0.0,
        3 => _random.Next(1000) / 8.0,
        _ => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-20, 20)),
    };

    private decimal Money() =>
        _random.Next(4) == 0 ? decimal.MinValue : (decimal)_random.NextInt64(-1_000_000_000_000, 1_000_000_000_000) / 10_000;

    private DateTime Moment() => new(_random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc);

    private DateTimeOffset Zoned() =>
        new(
            _random.NextInt64(TimeSpan.TicksPerDay * 2, DateTime.MaxValue.Ticks - (TimeSpan.TicksPerDay * 2)),
            TimeSpan.FromMinutes(_random.Next(-14 * 60, 14 * 60)));

    private DateOnly Day() => DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber));

    private Guid Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private Grade Grade() => (Grade)_random.Next(3);

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(20)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private Point Point() => new(Double(), _random.Next(100));
}
