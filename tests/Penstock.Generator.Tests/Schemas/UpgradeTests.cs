namespace Penstock.Generator.Tests.Schemas;

/// <summary>State that a method of the operator converts.</summary>
public sealed class UpgradeTests
{
    private const string Cents = """
        [State] private partial ref long Total { get; }
        private void Add(int number) => Total += number;
        private string Tell() => Total.ToString();
        """;

    [Fact]
    public void A_method_converts_what_was_saved() => EvolutionRun.Check(
        Cents,
        """
        [State] private partial ref decimal Total { get; }
        [StateUpgrade(nameof(Total))] private static decimal FromCents(long old) => old / 100m;
        private void Add(int number) => Total += number / 100m;
        private string Tell() => FormattableString.Invariant($"{Total:0.00}");
        """,
        static (before, after) => FormattableString.Invariant($"{(before.Sum() + after.Sum()) / 100m:0.00}"));

    [Fact]
    public void A_method_takes_smaller_numbers_than_it_says_rather_than_they_were_taken_as_they_are() => EvolutionRun.Check(
        Cents.Replace("long", "int", StringComparison.Ordinal),
        """
        [State, FormerName("Total")] private partial ref decimal Sum { get; }
        [StateUpgrade(nameof(Sum))] private static decimal FromCents(long old) => old / 100m;
        private void Add(int number) => Sum += number / 100m;
        private string Tell() => FormattableString.Invariant($"{Sum:0.00}");
        """,
        static (before, after) => FormattableString.Invariant($"{(before.Sum() + after.Sum()) / 100m:0.00}"));

    [Theory]
    [InlineData("long")]
    [InlineData("string")]
    [InlineData("bool")]
    [InlineData("decimal")]
    public void Of_several_methods_that_of_the_saved_type_is_called(string saved) => EvolutionRun.Check(
        $$"""
        [State] private partial ref {{saved}} Total { get; }
        private void Add(int number) => Total = {{saved switch { "string" => "number.ToString()", "bool" => "number % 2 == 0", _ => "number" }}};
        private string Tell() => "";
        """,
        """
        [State] private partial ref decimal Total { get; }
        [StateUpgrade(nameof(Total))] private static decimal Of(long old) => old + 1000;
        [StateUpgrade(nameof(Total))] private static decimal Of(string old) => old == null ? 0 : int.Parse(old) + 2000;
        [StateUpgrade(nameof(Total))] internal static decimal OfTruth(bool old) => old ? 3000 : 3001;
        private void Add(int number) { }
        private string Tell() => FormattableString.Invariant($"{Total:0}");
        """,
        (before, _) => before.Length == 0
                ? "0"
                : (saved switch
                {
                    "long" => before[^1] + 1000,
                    "string" => before[^1] + 2000,
                    "bool" =>
                    before[^1] % 2 == 0 ? 3000 : 3001,
                    _ => before[^1]
                }).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Two_states_become_one_and_one_becomes_two() => EvolutionRun.Check(
        """
        [State] private partial ref string? First { get; }
        [State] private partial ref int Last { get; }
        [State] private partial ref (int, int) Both { get; }
        private void Add(int number) { First = "f" + number; Last = number; Both = (number, -number); }
        private string Tell() => "";
        """,
        """
        [State] private partial ref string? Name { get; }
        [State] private partial ref long Last { get; }
        [State] private partial ref int Left { get; }
        [State] private partial ref int Right { get; }
        [StateUpgrade(nameof(Name), "First", "Last")] private static string? Join(string? first, long last) => first + "/" + last;
        [StateUpgrade(nameof(Left), "Both")] private static int TakeLeft((int Left, int Right) both) => both.Left;
        [StateUpgrade(nameof(Right), "Both")] private static int TakeRight(in (int Left, int Right) both) => both.Right;
        private void Add(int number) { }
        private string Tell() => $"{Name} {Last} {Left} {Right}";
        """,
        static (before, _) => before.Length == 0 ? " 0 0 0" : $"f{before[^1]}/{before[^1]} {before[^1]} {before[^1]} {-before[^1]}");

    [Fact]
    public void A_record_of_another_shape_is_converted_from_its_old_type() => EvolutionRun.Check(
        """
        [State] private partial ref Item? Last { get; }
        private void Add(int number) => Last = number % 3 == 0 ? null : new Item("n" + number, [number, number + 1]);
        private string Tell() => "";
        ---
        public sealed record Item(string Name, List<int> Numbers);
        """,
        """
        [State] private partial ref Item? Last { get; }
        [StateUpgrade(nameof(Last))] private static Item? Of(OldItem? old) => old == null ? null : new Item(old.Name.Length, string.Join("+", old.Numbers));
        private void Add(int number) { }
        private string Tell() => Last == null ? "null" : $"{Last.Name} {Last.Text}";
        ---
        public sealed record Item(int Name, string Text);
        public sealed record OldItem(string Name, List<int> Numbers);
        """,
        static (before, _) => before.Length == 0 || before[^1] % 3 == 0
            ? "null"
            : $"{$"n{before[^1]}".Length} {before[^1]}+{before[^1] + 1}");

    [Fact]
    public void A_method_need_not_take_all_of_a_record_that_does_not_fit() => EvolutionRun.Check(
        """
        [State] private partial ref Item Last { get; }
        private void Add(int number) => Last = new Item("n" + number, number, number);
        private string Tell() => "";
        ---
        public record struct Item(string Name, int A, int B);
        """,
        """
        [State] private partial ref Item Last { get; }
        [StateUpgrade(nameof(Last))] private static Item Of(OldItem old) => new((int)old.B);
        private void Add(int number) { }
        private string Tell() => $"{Last.Name}";
        ---
        public record struct Item(int Name);
        public record struct OldItem(long B);
        """,
        static (before, _) => before.Length == 0 ? "0" : $"{before[^1]}");

    [Fact]
    public void A_format_of_a_codec_is_converted_by_the_old_codec() => EvolutionRun.Check(
        """
        [State, StateCodec(typeof(OldCodec))] private partial ref Uri? Page { get; }
        private void Add(int number) => Page = new Uri("http://a/" + number);
        private string Tell() => "";
        ---
        """ + Codecs,
        """
        [State, StateCodec(typeof(NewCodec))] private partial ref Uri? Page { get; }
        [StateUpgrade(nameof(Page))] private static Uri? Of(OldPage? old) => old?.Value;
        private void Add(int number) { }
        private string Tell() => $"{Page}";
        ---
        [StateCodec(typeof(OldPageCodec))] public sealed record OldPage(Uri Value);
        public readonly struct OldPageCodec : IValueCodec<OldPage>
        {
            public static string Schema => "uri/1";
            public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in OldPage value) where TBuffer : class, System.Buffers.IBufferWriter<byte> => throw new NotSupportedException();
            public static OldPage Read(ref MemoryPack.MemoryPackReader reader) => new(OldCodec.Read(ref reader));
            public static OldPage Detach(OldPage value) => value;
        }
        """ + Codecs,
        static (before, _) => before.Length == 0 ? "" : $"http://a/{before[^1]}");

    [Fact]
    public void Windows_are_upgraded_too() => EvolutionRun.Check(
        Cents,
        """
        [State] private partial ref decimal Total { get; }
        [StateUpgrade(nameof(Total))] private static decimal FromCents(long old) => old / 100m;
        private void Add(int number) => Total += number / 100m;
        private string Tell() => FormattableString.Invariant($"{Total:0.00}");
        """,
        static (before, after) => FormattableString.Invariant($"{(before.Sum() + after.Sum()) / 100m:0.00}"),
        window: true);

    [Fact]
    public void What_a_method_made_is_not_made_again()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-evolution");
        try
        {
            EvolvingProgram.Compile(Cents).Run(folder.FullName, [("a", 100)]);
            var program = EvolvingProgram.Compile("""
                [State] private partial ref decimal Total { get; }
                [StateUpgrade(nameof(Total))] private static decimal FromCents(long old) => old / 100m;
                private void Add(int number) => Total += number;
                private string Tell() => FormattableString.Invariant($"{Total:0}");
                """);
            Assert.Equal(["a=2"], program.Run(folder.FullName, [("a", 1)]));
            Assert.Equal(["a=3"], program.Run(folder.FullName, [("a", 1)], parallelism: 3));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private const string Codecs = """

        public readonly struct OldCodec : IValueCodec<Uri>
        {
            public static string Schema => "uri/1";
            public static bool IsMutable => false;
            public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Uri value) where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteString(value.AbsoluteUri);
            public static Uri Read(ref MemoryPack.MemoryPackReader reader) => new(reader.ReadString()!);
            public static Uri Detach(Uri value) => value;
        }

        public readonly struct NewCodec : IValueCodec<Uri>
        {
            public static string Schema => "uri/2";
            public static bool IsMutable => false;
            public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Uri value) where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteUtf16(value.AbsoluteUri);
            public static Uri Read(ref MemoryPack.MemoryPackReader reader) => new(reader.ReadString()!);
            public static Uri Detach(Uri value) => value;
        }
        """;
}
