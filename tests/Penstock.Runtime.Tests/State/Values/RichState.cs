using System.Collections.Immutable;
using MemoryPack;

namespace Penstock.Runtime.Tests.State.Values;

/// <summary>A requested change of the state of a user.</summary>
public readonly record struct Deed(string User, int Number);

/// <summary>The state of a user as text, before and after a change.</summary>
public readonly record struct Description(string User, string Before, string After);

internal enum Mood : sbyte
{
    Calm = -1,
    Angry = 7,
}

internal readonly record struct Money(decimal Amount, string? Currency);

internal record Purchase(string? Name, Money Price, DateTime At, Money? Refund)
{
    public List<int>? Sizes { get; init; }
}

internal sealed class Basket
{
    public string? Note;

    public required int Number { get; init; }

    public List<Purchase?>? Lines { get; set; }
}

internal struct Corner
{
    public int X { get; set; }

    public int[]? Heights { get; set; }
}

internal sealed class Visit(string page, Mood mood)
{
    [Transient] private int _asked;

    public string Page { get; } = page;

    public Mood Mood { get; } = mood;

    public int Ask() => ++_asked;
}

[StateCodec(typeof(TagCodec))]
internal sealed class Tag(string text)
{
    private readonly string _text = text;

    public override string ToString() => _text;

    internal readonly struct TagCodec : IValueCodec<Tag>
    {
        public static string Schema => "tag/1";

        public static bool IsMutable => false;

        public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Tag value)
            where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteString(value._text);

        public static Tag Read(ref MemoryPackReader reader) => new(reader.ReadString()!);

        public static Tag Detach(Tag value) => throw new InvalidOperationException("It says that it is immutable.");
    }
}

/// <summary>A list whose codec writes no byte if it is empty, and that is copied when it is kept.</summary>
internal readonly struct BagCodec : IValueCodec<Stack<int>>
{
    public static string Schema => "bag/1";

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Stack<int> value)
        where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteUnmanagedArray(value.Reverse().ToArray());

    public static Stack<int> Read(ref MemoryPackReader reader) => new(reader.ReadUnmanagedArray<int>()!);

    public static Stack<int> Detach(Stack<int> value) => new(value.Reverse());
}

/// <summary>A class with the codec of MemoryPack.</summary>
internal sealed class Packed(int[] values) : IMemoryPackable<Packed>
{
    public int[] Values { get; } = values;

    static void IMemoryPackable<Packed>.Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) =>
        writer.WriteUnmanagedArray(value?.Values);

    static void IMemoryPackable<Packed>.Deserialize(ref MemoryPackReader reader, scoped ref Packed? value) =>
        value = reader.ReadUnmanagedArray<int>() is { } values ? new Packed(values) : null;

    static void IMemoryPackFormatterRegister.RegisterFormatter() => MemoryPackFormatterProvider.Register(new Formatter());

    static Packed() => MemoryPackFormatterProvider.Register(new Formatter());

    private sealed class Formatter : MemoryPackFormatter<Packed>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) =>
            writer.WritePackable(value);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref Packed? value) => reader.ReadPackable(ref value);
    }
}

/// <summary>State of every shape; each operation changes all of it, in place if possible.</summary>
[Operator, KeyBy(nameof(Deed.User))]
public sealed partial class Remember
{
    [State] private partial ref (bool, char, sbyte, byte, short, ushort, int) Small { get; }
    [State] private partial ref (uint, long, ulong, float, double, decimal, string?) Large { get; }
    [State] private partial ref (DateTime, DateTimeOffset, DateOnly, TimeOnly, TimeSpan, Guid) Times { get; }
    [State] private partial ref (int?, Mood?, DateTimeOffset?, (int, string?)?, (int, DateOnly?)?) Perhaps { get; }
    [State] private partial ref Mood @event { get; }
    [State] private partial ref byte[]? Bytes { get; }
    [State] private partial ref string?[]?[]? Jagged { get; }
    [State] private partial ref Mood[]? Moods { get; }
    [State] private partial ref List<long>? Numbers { get; }
    [State] private partial ref List<string?>? Texts { get; }
    [State] private partial ref List<(int Count, List<int>? Inner)>? Pairs { get; }
    [State] private partial ref Dictionary<string, int>? Counts { get; }
    [State] private partial ref Dictionary<Money, Basket?>? Baskets { get; }
    [State] private partial ref HashSet<string?>? Seen { get; }
    [State] private partial ref HashSet<(int, Mood)>? Marks { get; }
    [State] private partial ref ImmutableArray<int> Array { get; }
    [State] private partial ref ImmutableArray<List<int>?>? Lists { get; }
    [State] private partial ref ImmutableList<string>? Names { get; }
    [State] private partial ref ImmutableDictionary<string, int[]>? Arrays { get; }
    [State] private partial ref ImmutableHashSet<Guid>? Ids { get; }
    [State] private partial ref Purchase? Last { get; }
    [State] private partial ref Basket? Current { get; }
    [State] private partial ref Corner Corner { get; }
    [State] private partial ref Corner? Other { get; }
    [State] private partial ref Visit? Visit { get; }
    [State] private partial ref Tag? Tag { get; }
    [State] private partial ref List<Tag?>? Tags { get; }
    [State, StateCodec(typeof(BagCodec))] private partial ref Stack<int>? Bag { get; }
    [State] private partial ref Packed? Packed { get; }

    [Process]
    private void Do(in Deed deed, ref Output<Description> output)
    {
        var before = Tell();
        if (deed.Number >= 0)
        {
            Change(deed.Number, new Random(deed.Number));
        }

        output.Emit(new Description(deed.User, before, Tell()));
    }

    private void Change(int number, Random random)
    {
        var text = number % 5 == 0 ? null : number % 5 == 1 ? $"\ud800{number}\udc00" : $"té😀xt{number}";
        Small = (number % 2 == 0, (char)(number * 777), (sbyte)number, (byte)number, (short)-number, (ushort)number, -number);
        Large = ((uint)number, -number, (ulong)number, number / 3f, double.NaN, number / 3m, text);
        var time = new DateTime(2024, 2, 29).AddTicks(random.NextInt64(TimeSpan.TicksPerDay));
        Times = (
            DateTime.SpecifyKind(time, (DateTimeKind)(number % 2)), new DateTimeOffset(
                time,
                TimeSpan.FromMinutes(number % 100)), DateOnly.FromDateTime(time), TimeOnly.FromDateTime(time), -time.TimeOfDay,
            new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        Perhaps = number % 3 == 0
            ? default
            : (number, Mood.Angry, new DateTimeOffset(
                time,
                TimeSpan.Zero), (number, text), (number, number % 2 == 0 ? null : DateOnly.MaxValue));
        @event = number % 2 == 0 ? Mood.Calm : Mood.Angry;
        Bytes = Grown(Bytes, (byte)number);
        Bytes[0]++;
        Jagged = number % 4 == 0 ? null : [[text, ""], null, []];
        Moods = Grown(Moods, Mood.Calm);
        Moods[0] = @event;
        (Numbers ??= []).Add(number);
        Numbers[0]++;
        (Texts ??= []).Add(text);
        (Pairs ??= []).Add((number, number % 3 == 0 ? null : [number]));
        Pairs[0].Inner?.Add(number);
        (Counts ??= [])[$"key{number % 7}"] = number;
        (Baskets ??= [])[new Money(number % 3, text)] = number % 2 == 0 ? null : new Basket { Number = number, Note = text };
        (Seen ??= []).Add(text);
        (Marks ??= []).Add((number % 4, Mood.Angry));
        Array = number % 4 == 0 ? default : Array.IsDefault ? [] : Array.Add(number);
        Lists = number % 6 == 0 ? null : number % 6 == 1
            ? default(ImmutableArray<List<int>?>)
            : Lists is { IsDefault: false } lists ? lists.Add([number]) : [null, []];
        (Lists is { IsDefault: false, Length: > 2 } kept ? kept[2] : null)?.Add(number);
        Names = (Names ?? []).Add($"name{number}");
        Arrays = (Arrays ?? ImmutableDictionary<string, int[]>.Empty).SetItem($"key{number % 3}", [number]);
        Arrays.Values.First()[0]++;
        Ids = number % 5 == 0 ? null : (Ids ?? []).Add(Times.Item6);
        Last = number % 5 == 1
            ? null
            : new Purchase(text, new Money(number, "€"), time, number % 2 == 0
                ? null
                : new Money(-1, text))
            { Sizes = number % 3 == 0 ? null : [number] };
        Last?.Sizes?.Add(-number);
        Current ??= new Basket { Number = number };
        Current.Note = text;
        (Current.Lines ??= []).Add(Last);
        Corner.Heights ??= new int[3];
        Corner.Heights[number % 3]++;
        Corner.X++;
        Other = number % 2 == 0 ? null : Corner;
        Visit = number % 7 == 0 ? null : new Visit($"/{number}", @event);
        Visit?.Ask();
        Tag = number % 3 == 0 ? null : new Tag($"tag{number}");
        (Tags ??= []).Add(Tag);
        (Bag ??= new Stack<int>()).Push(number);
        Packed ??= new Packed(new int[2]);
        Packed.Values[number % 2] += number;
    }

    private static T[] Grown<T>(T[]? values, T value) => values is not { Length: < 8 } ? [value] : [.. values, value];

    /// <summary>Everything as text, in which null and empty differ.</summary>
    private string Tell() => string.Join(
        "\n",
        ((object?[])[
            Small, Large, Times, Times.Item1.Kind, Perhaps, @event, Bytes, Jagged, Moods, Numbers, Texts, Pairs, Counts, Baskets, Seen,
            Marks, Array, Lists, Names, Arrays, Ids, Last, Last?.Sizes,
            Current, Current?.Lines, Corner.X, Corner.Heights, Other?.X, Other?.Heights, Visit?.Page, Visit?.Mood, Tag, Tags, Bag,
            Packed?.Values,
        ]).Select(Text));

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        ImmutableArray<int> { IsDefault: true } or ImmutableArray<List<int>?> { IsDefault: true } => "default",
        Basket basket => $"{basket.Number} {Text(basket.Note)} {Text(basket.Lines)}",
        Purchase purchase => $"{purchase} {purchase.At.Ticks} {Text(purchase.Sizes)}",
        System.Collections.IDictionary map =>
            $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Text(key)}: {Text(map[key])}").Order(StringComparer.Ordinal))}}}",
        HashSet<string?> or HashSet<(int, Mood)> or ImmutableHashSet<Guid> =>
            $"<{string.Join(", ", ((System.Collections.IEnumerable)value).Cast<object?>().Select(Text).Order(StringComparer.Ordinal))}>",
        System.Collections.IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        System.Runtime.CompilerServices.ITuple tuple =>
            $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(index => Text(tuple[index])))})",
        IFormattable formattable => formattable.ToString(
            value is DateTime or DateTimeOffset or DateOnly or TimeOnly ? "o" : null,
            System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}

/// <summary>Keeps the actions of users.</summary>
[Pipeline]
public sealed partial class RememberPipeline
{
    [FileSource("deeds.csv")]
    public partial Stream<Deed> Deeds { get; }

    [Apply<Remember>(nameof(Deeds))]
    [FileSink("told.csv")]
    public partial Stream<Description> Tales { get; }
}
