using System.Globalization;

namespace Penstock.Generator.Tests.Schemas;

/// <summary>State of an older program, restored by a changed one: every allowed kind of change.</summary>
public sealed class EvolutionTests
{
    [Theory]
    [InlineData("byte", "short")]
    [InlineData("byte", "ushort")]
    [InlineData("sbyte", "short")]
    [InlineData("short", "int")]
    [InlineData("ushort", "int")]
    [InlineData("ushort", "uint")]
    [InlineData("int", "long")]
    [InlineData("uint", "long")]
    [InlineData("uint", "ulong")]
    [InlineData("char", "int")]
    [InlineData("short", "float")]
    [InlineData("int", "double")]
    [InlineData("uint", "double")]
    [InlineData("float", "double")]
    [InlineData("int", "decimal")]
    [InlineData("long", "decimal")]
    [InlineData("ulong", "decimal")]
    [InlineData("int", "int?")]
    [InlineData("int", "long?")]
    [InlineData("int?", "long?")]
    public void Numbers_become_larger(string from, string to)
    {
        // Numbers in the range of each of the types.
        EvolutionRun.Check(
            Last(from, "number"),
            Last(to, "Kept"),
            static (before, after) => (before.Length == 0 ? 0 : before[^1]).ToString(CultureInfo.InvariantCulture));

        // The second program keeps the restored values.
        static string Last(string type, string value) => $$"""
            [State] private partial ref {{type}} Kept { get; }
            private void Add(int number) => Kept = ({{type}}){{value}};
            private string Tell() => FormattableString.Invariant($"{{{(type.EndsWith('?') ? "Kept.GetValueOrDefault()" : "+Kept")}}}");
            """;
    }

    [Fact]
    public void Extreme_numbers_stay_what_they_are() => EvolutionRun.Check(
        """
        [State] private partial ref (sbyte A, byte B, short C, ushort D, int E, uint F) Low { get; }
        [State] private partial ref (long A, ulong B, float C, char D) High { get; }
        private void Add(int number)
        {
            Low = number % 2 == 0 ? (sbyte.MinValue, byte.MinValue, short.MinValue, ushort.MinValue, int.MinValue, uint.MinValue) : (sbyte.MaxValue, byte.MaxValue, short.MaxValue, ushort.MaxValue, int.MaxValue, uint.MaxValue);
            High = number % 2 == 0 ? (long.MinValue, ulong.MinValue, float.MinValue, char.MinValue) : (long.MaxValue, ulong.MaxValue, float.Epsilon, char.MaxValue);
        }
        private string Tell() => "";
        """,
        """
        [State] private partial ref (long A, long B, long C, decimal D, double E, double F) Low { get; }
        [State] private partial ref (decimal A, decimal B, double C, ulong D) High { get; }
        private void Add(int number) { }
        private string Tell() => FormattableString.Invariant($"{Low} {High}");
        """,
        static (before, _) => before.Length == 0 ? "(0, 0, 0, 0, 0, 0) (0, 0, 0, 0)"
            : before[^1] % 2 == 0 ? FormattableString.Invariant(
                $"{((long)sbyte.MinValue, 0L, (long)short.MinValue, 0m, (double)int.MinValue, 0.0)} {((decimal)long.MinValue, 0m, (double)float.MinValue, 0UL)}")
            : FormattableString.Invariant(
                $"{((long)sbyte.MaxValue, (long)byte.MaxValue, (long)short.MaxValue, (decimal)ushort.MaxValue, (double)int.MaxValue, (double)uint.MaxValue)} {((decimal)long.MaxValue, (decimal)ulong.MaxValue, (double)float.Epsilon, (ulong)char.MaxValue)}"));

    [Fact]
    public void A_state_is_added() => EvolutionRun.Check(
        Count,
        """
        [State] private partial ref int Count { get; }
        [State] private partial ref long Sum { get; }
        [State] private partial ref string? Last { get; }
        [State] private partial ref List<int>? All { get; }
        [State] private partial ref DateTimeOffset? At { get; }
        private void Add(int number) { Count++; Sum += number; All ??= []; All.Add(number); Last ??= "first" + number; }
        private string Tell() => $"{Count} {Sum} {All!.Count} {Last} {At}";
        """,
        static (before, after) => $"{before.Length + after.Length} {after.Sum()} {after.Length} first{after[0]} ");

    [Fact]
    public void A_state_is_removed() => EvolutionRun.Check(
        """
        [State] private partial ref int Count { get; }
        [State] private partial ref string? Text { get; }
        [State] private partial ref Dictionary<string, List<(int, string?)?>>? Map { get; }
        [State] private partial ref HashSet<Guid>? Set { get; }
        [State] private partial ref Item? Item { get; }
        [State] private partial ref (byte[]? Bytes, decimal? Number, DateOnly Day)? Tuple { get; }
        [State] private partial ref ImmutableArray<int[]?>? Arrays { get; }
        private void Add(int number)
        {
            Count++;
            Text = number % 3 == 0 ? null : number % 3 == 1 ? "😀té" : "\ud800";
            Map ??= [];
            Map["é" + number] = [null, (number, "x"), (number, null)];
            Set ??= [];
            Set.Add(new Guid(number, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]));
            Item = number % 2 == 0 ? null : new Item(number, number % 4 == 1 ? null : new Inner { A = 1 });
            Tuple = number % 2 == 0 ? null : ([1, 2, 3], number % 4 == 1 ? null : 5m, DateOnly.MaxValue);
            Arrays = number % 3 == 0 ? null : number % 3 == 1 ? default(ImmutableArray<int[]?>) : [null, [], [1, 2]];
        }
        private string Tell() => "";
        ---
        public sealed class Item(int a, Inner? b) { public int A { get; } = a; public Inner? B { get; } = b; }
        public struct Inner { public int A { get; set; } }
        """,
        Count,
        static (before, after) => $"{before.Length + after.Length}");

    [Fact]
    public void All_states_are_removed() => EvolutionRun.Check(
        Count,
        """
        private void Add(int number) { }
        private string Tell() => "nothing";
        """,
        static (_, _) => "nothing");

    [Fact]
    public void The_first_states_are_added() => EvolutionRun.Check(
        """
        private void Add(int number) { }
        private string Tell() => "nothing";
        """,
        Count,
        static (_, after) => $"{after.Length}");

    [Fact]
    public void A_value_that_only_its_codec_can_read_is_removed() => EvolutionRun.Check(
        """
        [State] private partial ref int Count { get; }
        [State] private partial ref Secret? Alpha { get; }
        [State] private partial ref List<Secret?>? Many { get; }
        [State] private partial ref Packed? Packed { get; }
        [State] private partial ref string? Zeta { get; }
        private void Add(int number)
        {
            Count++;
            Alpha = number % 2 == 0 ? null : new Secret(number);
            Many ??= [];
            Many.Add(Alpha);
            Packed = number % 3 == 0 ? null : new Packed(new int[number]);
            Zeta = "z" + number;
        }
        private string Tell() => "";
        ---
        """ + Secrets,
        """
        [State] private partial ref long Count { get; }
        [State] private partial ref string? Zeta { get; }
        private void Add(int number) => Count++;
        private string Tell() => $"{Count} {Zeta}";
        """,
        static (before, after) => $"{before.Length + after.Length} {(before.Length == 0 ? "" : "z" + before[^1])}");

    [Fact]
    public void A_value_that_only_its_codec_can_read_is_kept_and_another_added() => EvolutionRun.Check(
        """
        [State] private partial ref Secret? Kept { get; }
        [State] private partial ref Packed? Packed { get; }
        private void Add(int number) { Kept = new Secret(number); Packed = new Packed([number]); }
        private string Tell() => "";
        ---
        """ + Secrets,
        """
        [State] private partial ref int Count { get; }
        [State] private partial ref Secret? Kept { get; }
        [State] private partial ref Secret? New { get; }
        [State] private partial ref Packed? Packed { get; }
        [State] private partial ref Packed? Other { get; }
        private void Add(int number) => Count++;
        private string Tell() => $"{Count} {Kept?.Number} {New == null} {Packed?.Values[0]} {Other == null}";
        ---
        """ + Secrets,
        static (before, after) =>
            $"{after.Length} {(before.Length == 0 ? "" : before[^1])} True {(before.Length == 0 ? "" : before[^1])} True");

    [Fact]
    public void States_stand_in_another_order_in_another_file_part_and_by_another_collection() => EvolutionRun.Check(
        """
        [State] private partial ref List<int>? All { get; }
        [State] private partial ref int Count { get; }
        [State] private partial ref Dictionary<int, string>? Map { get; }
        private void Add(int number) { Count++; All ??= []; All.Add(number); Map ??= []; Map[number] = "n"; }
        private string Tell() => "";
        """,
        """
        [State] private partial ref ImmutableDictionary<int, string>? Map { get; }
        [State] private partial ref int Count { get; }
        [State] private partial ref int[]? All { get; }
        private void Add(int number) { Count++; All = [.. All ?? [], number]; }
        private string Tell() => $"{Count} {string.Join(",", All!)} {Map?.Count}";
        """,
        static (before, after) =>
            $"{before.Length + after.Length} {string.Join(",", before.Concat(after))} {(before.Length == 0 ? "" : before.Distinct().Count())}");

    [Fact]
    public void A_state_is_renamed() => EvolutionRun.Check(
        Count,
        """
        [State, FormerName("Count")] private partial ref long Rows { get; }
        [State] private partial ref int Other { get; }
        private void Add(int number) => Rows++;
        private string Tell() => $"{Rows} {Other}";
        """,
        static (before, after) => $"{before.Length + after.Length} 0");

    [Fact]
    public void The_name_of_a_renamed_state_is_given_to_a_new_one() => EvolutionRun.Check(
        Count,
        """
        [State] private partial ref int Count { get; }
        [State, FormerName("Number"), FormerName("Count")] private partial ref int Rows { get; }
        private void Add(int number) { Rows++; Count += 10; }
        private string Tell() => $"{Rows} {Count}";
        """,
        static (before, after) => $"{before.Length + after.Length} {10 * after.Length}");

    [Fact]
    public void Members_of_a_record_are_added_removed_renamed_moved_and_widened() => EvolutionRun.Check(
        """
        [State] private partial ref Item? Last { get; }
        private void Add(int number) => Last = number % 5 == 0 ? null : new Item(number, "n" + number, 1.5f, (short)(number * 2));
        private string Tell() => "";
        ---
        public sealed record Item(int Number, string Name, float Gone, short Small);
        """,
        """
        [State] private partial ref Item? Last { get; }
        private void Add(int number) { }
        private string Tell() => Last == null ? "null" : $"{Last.Title} {Last.Number} {Last.Added} {Last.Note == null} {Last.Small}";
        ---
        public sealed record Item([FormerName("Name")] string Title, long? Added, string? Note, decimal Number) { public int Small { get; init; } }
        """,
        static (before, _) => before.Length == 0 || before[^1] % 5 == 0 ? "null" : $"n{before[^1]} {before[^1]}  True {before[^1] * 2}");

    [Fact]
    public void Records_change_to_any_depth_in_collections_nullables_and_tuples() => EvolutionRun.Check(
        """
        [State] private partial ref List<(Dictionary<string, Line[]> Lines, Point? At)?>? Deep { get; }
        private void Add(int number)
        {
            Deep ??= [];
            Deep.Add(null);
            Deep.Add((new() { ["a"] = [new Line(number, "x", new Point(1, number))], ["b"] = [] }, number % 2 == 0 ? null : new Point(number, 2)));
        }
        private string Tell() => "";
        ---
        public record struct Point(int X, int Y);
        public sealed record Line(int Count, string Gone, Point Where);
        """,
        """
        [State] private partial ref List<(Dictionary<string, Line[]> Lines, Point? At)?>? Deep { get; }
        private void Add(int number) { }
        private string Tell() => Deep == null ? "null" : string.Join(";", Deep.Select(item => item is not { } it ? "null" : $"{it.Lines["a"][0].Count} {it.Lines["a"][0].Where?.Up} {it.Lines["a"][0].New} {it.Lines["b"].Length} {it.At?.X} {it.At?.Z}"));
        ---
        public record struct Point(long X, [property: FormerName("Y")] double Up) { public int Z { get; set; } }
        public sealed class Line { public decimal Count { get; set; } public Point? Where { get; set; } public int New { get; set; } }
        """,
        static (before, _) => before.Length == 0
                ? "null"
                : string.Join(
                    ";",
                    before.Select(static number =>
                        $"null;{number} {number} 0 0 {(number % 2 == 0 ? "" : number)} {(number % 2 == 0 ? "" : "0")}")));

    [Fact]
    public void A_struct_becomes_optional_and_a_class() => EvolutionRun.Check(
        """
        [State] private partial ref Point One { get; }
        [State] private partial ref Point Two { get; }
        private void Add(int number) => One = Two = new Point { X = number, Name = "p" };
        private string Tell() => "";
        ---
        public struct Point { public int X { get; set; } public string? Name { get; set; } }
        """,
        """
        [State] private partial ref Point? One { get; }
        [State] private partial ref Place? Two { get; }
        private void Add(int number) { }
        private string Tell() => $"{One?.X} {One?.Name} {Two?.X} {Two?.Name}";
        ---
        public struct Point { public int X { get; set; } public string? Name { get; set; } }
        public sealed class Place { public int X { get; set; } public string? Name { get; set; } }
        """,
        static (before, _) => before.Length == 0 ? "   " : $"{before[^1]} p {before[^1]} p");

    [Fact]
    public void Keys_and_elements_become_larger() => EvolutionRun.Check(
        """
        [State] private partial ref Dictionary<int, short>? Counts { get; }
        [State] private partial ref HashSet<byte>? Seen { get; }
        private void Add(int number) { Counts ??= []; Counts[number] = (short)(Counts.GetValueOrDefault(number) + 1); Seen ??= []; Seen.Add((byte)number); }
        private string Tell() => "";
        """,
        """
        [State] private partial ref Dictionary<long, int>? Counts { get; }
        [State] private partial ref HashSet<double>? Seen { get; }
        private void Add(int number) { Counts ??= []; Counts[number] = Counts.GetValueOrDefault(number) + 1; Seen ??= []; Seen.Add(number); }
        private string Tell() => $"{string.Join(",", Counts!.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{pair.Value}"))} {Seen!.Count}";
        """,
        static (before, after) =>
        {
            var all = before.Concat(after).ToList();
            return $"{string.Join(",", all.GroupBy(static number => number).OrderBy(static group => group.Key).Select(static group => $"{group.Key}:{group.Count()}"))} {all.Distinct().Count()}";
        });

    [Fact]
    public void An_enum_gets_members_and_a_larger_integer() => EvolutionRun.Check(
        """
        [State] private partial ref Mood Mood { get; }
        private void Add(int number) => Mood = number % 2 == 0 ? Mood.Calm : Mood.Angry;
        private string Tell() => "";
        ---
        public enum Mood : byte { Calm, Angry }
        """,
        """
        [State] private partial ref Mood Mood { get; }
        private void Add(int number) { }
        private string Tell() => Mood.ToString();
        ---
        public enum Mood { Calm, Angry, Sad }
        """,
        static (before, _) => before.Length == 0 || before[^1] % 2 == 0 ? "Calm" : "Angry");

    [Fact]
    public void Windows_that_are_open_change_too() => EvolutionRun.Check(
        """
        [State] private partial ref int Sum { get; }
        [State] private partial ref List<string>? Gone { get; }
        private void Add(int number) { Sum += number; Gone ??= []; Gone.Add("x" + number); }
        private string Tell() => Sum.ToString();
        """,
        """
        [State, FormerName("Sum")] private partial ref decimal Total { get; }
        [State] private partial ref int Count { get; }
        private void Add(int number) { Total += number; Count++; }
        private string Tell() => $"{Total} {Count}";
        """,
        static (before, after) => $"{before.Sum() + after.Sum()} {after.Length}",
        window: true);

    internal const string Count = """
        [State] private partial ref int Count { get; }
        private void Add(int number) => Count++;
        private string Tell() => Count.ToString();
        """;

    internal const string Secrets = """

        [StateCodec(typeof(Codec))]
        public sealed class Secret(int number)
        {
            public int Number { get; } = number;

            public readonly struct Codec : IValueCodec<Secret>
            {
                public static string Schema => "secret/1";
                public static bool IsMutable => false;
                public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Secret value) where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteUnmanagedArray(new int[value.Number + 1]);
                public static Secret Read(ref MemoryPack.MemoryPackReader reader) => new(reader.ReadUnmanagedArray<int>()!.Length - 1);
                public static Secret Detach(Secret value) => value;
            }
        }

        public sealed class Packed(int[] values) : MemoryPack.IMemoryPackable<Packed>
        {
            public int[] Values { get; } = values;
            static void MemoryPack.IMemoryPackable<Packed>.Serialize<TBufferWriter>(ref MemoryPack.MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) => writer.WriteUnmanagedArray(value?.Values);
            static void MemoryPack.IMemoryPackable<Packed>.Deserialize(ref MemoryPack.MemoryPackReader reader, scoped ref Packed? value) => value = reader.ReadUnmanagedArray<int>() is { } values ? new Packed(values) : null;
            static void MemoryPack.IMemoryPackFormatterRegister.RegisterFormatter() => MemoryPack.MemoryPackFormatterProvider.Register(new Formatter());
            static Packed() => MemoryPack.MemoryPackFormatterProvider.Register(new Formatter());
            private sealed class Formatter : MemoryPack.MemoryPackFormatter<Packed>
            {
                public override void Serialize<TBufferWriter>(ref MemoryPack.MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) => writer.WritePackable(value);
                public override void Deserialize(ref MemoryPack.MemoryPackReader reader, scoped ref Packed? value) => reader.ReadPackable(ref value);
            }
        }
        """;
}
