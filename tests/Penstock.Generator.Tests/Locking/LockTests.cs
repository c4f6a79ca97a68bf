using System.Globalization;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Locking;

/// <summary>The state of the last release in penstock.state.lock, and programs that could not resume from it.</summary>
public sealed class LockTests
{
    private const string Shop = """
        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv"), EventTime(nameof(Order.PlacedAt))]
            public partial Stream<Order> Orders { get; }

            [Apply<Op>(nameof(Orders)), FileSink("totals.csv")]
            public partial Stream<ShopTotal> Totals { get; }
        }

        """;

    [Theory]
    [InlineData("Totals: keyed(string){A:int32}", "", "[State] private partial ref int A { get; }", null)]
    [InlineData("Totals: keyed(string){A:int32}", "PEN319 'Shop'", "[State] private partial ref long A { get; }", null)]
    [InlineData(
        "Totals: keyed(string){A:int32}",
        "PEN319 'Shop'",
        "[State] private partial ref int A { get; } [State] private partial ref string B { get; }",
        null)]
    [InlineData("Totals: keyed(string){A:int32}", "PEN319 'Shop'", "[State, FormerName(\"A\")] private partial ref int B { get; }", null)]
    [InlineData("Totals: keyed(string){A:int32}", "PEN319 'Shop'", "", null)]
    [InlineData(
        "Totals: keyed(string){A:int32}",
        "PEN314 'B'",
        "[State] private partial ref long B { get; }",
        "'B' is new since the last release, and 'A' is gone: add [FormerName(\"A\")] if it was renamed, or its saved values are dropped")]
    [InlineData(
        "Totals: keyed(string){A:int32}",
        "PEN314 'C'",
        "[State] private partial ref decimal B { get; } [State] private partial ref int C { get; }",
        "'C' is new since the last release, and 'A' is gone: add [FormerName(\"A\")] if it was renamed, or its saved values are dropped")]
    [InlineData(
        "Totals: keyed(string){A:int32}",
        "PEN315 'A'",
        "[State] private partial ref short A { get; }",
        "The state of 'Totals' in the last release cannot be restored, because field 'A' was saved as int32 and is now int16, which does not hold every int32 exactly")]
    [InlineData(
        "Totals: keyed(string){A:int32}",
        "PEN319 'Shop'",
        "[State] private partial ref string A { get; } [StateUpgrade(nameof(A))] private static string Of(int old) => \"\" + old;",
        null)]
    [InlineData(
        "Totals: keyed(string){A:list<record{X:int32}>}",
        "PEN319 'Shop'",
        "[State] private partial ref List<Item> A { get; } public record struct Item(long X);",
        null)]
    [InlineData(
        "Totals: keyed(string){A:list<record{X:string}>}",
        "PEN315 'X'",
        "[State] private partial ref List<Item> A { get; } public record struct Item(long X);",
        null)]
    [InlineData(
        "Totals: keyed(string){A:map<int32,record{X:record{Y:string}?}>}",
        "PEN315 'Y'",
        "[State] private partial ref Dictionary<int, Item> A { get; } public record struct Item(Inner X); public sealed class Inner { public int Y; }",
        null)]
    [InlineData(
        "Totals: keyed(string){A:map<int32,record{X:record{Y:int32}?}>}",
        "PEN314 'Z'",
        "[State] private partial ref Dictionary<int, Item> A { get; } public record struct Item(Inner X); public sealed class Inner { public int Z { get; set; } }",
        null)]
    [InlineData(
        "Totals: keyed(string){A:codec<uri/1>?}",
        "PEN315 'A'",
        "[State, StateCodec(typeof(UriCodec))] private partial ref Uri A { get; }",
        "The state of 'Totals' in the last release cannot be restored, because field 'A' was saved as codec<uri/1>? and is now codec<uri/2>?")]
    [InlineData(
        "Totals: keyed(string){A:codec<uri/2>?}",
        "",
        "[State, StateCodec(typeof(UriCodec))] private partial ref Uri A { get; }",
        null)]
    [InlineData(
        "Totals: keyed(int64){A:int32}",
        "PEN315 'KeyBy'",
        "[State] private partial ref int A { get; }",
        "The state of 'Totals' in the last release cannot be restored, because its key was saved as int64 and is now string, but keys cannot change")]
    [InlineData(
        "Totals: windows(string;60000000,0){A:int32}",
        "PEN315 'Op'",
        "[State] private partial ref int A { get; }",
        "The state of 'Totals' in the last release cannot be restored, because it was saved as windows of 1m and is now state by key")]
    [InlineData("Totals.Seen: keyed(string,int32){Value:int64}", "", "[State] private partial MapState<int, long> Seen { get; }", null)]
    [InlineData(
        "Totals.Seen: keyed(string,int32){Value:int64}",
        "PEN315 'Seen'",
        "[State] private partial MapState<int, int> Seen { get; }",
        null)]
    [InlineData(
        "Totals.Seen: keyed(string,int32){Value:record{X:int64}}",
        "PEN315 'X'",
        "[State] private partial MapState<int, Item> Seen { get; } public record struct Item(int X);",
        null)]
    [InlineData(
        "Totals.Seen: keyed(string,int32){Value:int64}",
        "PEN315 'MapState<string, long>'",
        "[State] private partial MapState<string, long> Seen { get; }",
        null)]
    [InlineData(
        "Totals.Seen: keyed(string,int32){Value:int64}",
        "PEN314 'Found'",
        "[State] private partial MapState<int, long> Found { get; }",
        null)]
    [InlineData(
        "Totals.Seen: keyed(string,int32){Value:int64}",
        "PEN319 'Shop'",
        "[State, FormerName(\"Seen\")] private partial ListState<long> Found { get; }",
        null)]
    [InlineData(
        "Gone: keyed(string){A:int32}",
        "PEN316 'Shop'",
        "[State] private partial ref int A { get; }",
        "Pipeline 'Shop' no longer has 'Gone', whose state is in the last release: give the stream that continues it Id = \"Gone\", or add [RemovedState(\"Gone\")]")]
    [InlineData(
        "Gone/key: keyed(string){A:int32}",
        "PEN316 'Shop'",
        "[State] private partial ref int A { get; }",
        "Pipeline 'Shop' no longer has 'Gone', whose state is in the last release: give the stream that continues it Id = \"Gone\", or add [RemovedState(\"Gone\")]")]
    public void A_change_is_found_where_it_is(string locked, string expected, string members, string? message)
    {
        var found = Found(Build(locked, Keyed(members)), out var diagnostics);
        Assert.Equal(expected.Length == 0 ? [] : [expected], found);
        if (message != null)
        {
            Assert.Equal(message, diagnostics[0].GetMessage(CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(
        "windows(string;3600000000,0){A:int32}",
        "PEN315 'TumblingWindow'",
        "its windows were saved as 1h and are now 10m, but the windows of an operator cannot change")]
    [InlineData(
        "windows(string;600000000,1000000){A:int32}",
        "PEN315 'TumblingWindow'",
        "its windows were saved as 10m with an offset of 1s and are now 10m, but the windows of an operator cannot change")]
    [InlineData(
        "windows(string;600000000,0){A:int64}",
        "PEN315 'A'",
        "field 'A' was saved as int64 and is now int32, which does not hold every int64 exactly")]
    public void Changes_of_windows_are_found(string locked, string expected, string reason)
    {
        var result = Build("Totals: " + locked, """
            [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m")]
            public sealed partial class Op
            {
                [State] private partial ref int A { get; }
                [Accumulate] private void Add(in Order order) => A++;
                [Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, A);
            }
            """);
        Assert.Equal([expected], Found(result, out var diagnostics));
        Assert.EndsWith(reason, diagnostics[0].GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_the_stream_names_is_blamed_there()
    {
        var program = Shop.Replace("FileSink", "KeyBy(nameof(Order.Customer)), FileSink", StringComparison.Ordinal)
            + Keyed("[State] private partial ref int A { get; }").Replace(", KeyBy(nameof(Order.Shop))", "", StringComparison.Ordinal);
        var result = TestCompiler.BuildLocked(Text("Totals: keyed(int32){A:int32}"), DiagnosticPage.Shared, program);
        Assert.Equal(["PEN315 'KeyBy'"], Found(result, out var diagnostics));
        Assert.Contains("class Shop", Around(diagnostics[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_operator_may_be_declared_so()
    {
        var program = Shop.Replace("[Pipeline]", "[Pipeline, RemovedState(\"Gone\")]", StringComparison.Ordinal)
            + Keyed("[State] private partial ref int A { get; }");
        Assert.Equal(
            ["PEN319 'Shop'"],
            Found(TestCompiler.BuildLocked(
                Text("Totals: keyed(string){A:int32}", "Gone: keyed(string){A:int32}", "Gone.Map: keyed(string,int32){Value:int32}"),
                DiagnosticPage.Shared,
                program), out _));
    }

    [Fact]
    public void An_operator_of_another_assembly_is_compared_by_its_contract()
    {
        var library = TestCompiler
            .Build(TestCompiler
                .Compile(
                    DiagnosticPage.Shared,
                    Keyed(
                        "[State, FormerName(\"Old\")] private partial ref int A { get; } [State] private partial MapState<int, int> Seen { get; }"))
                .WithAssemblyName("Library"))
            .AssertClean();
        using var image = new MemoryStream();
        Assert.True(library.Compilation.Emit(image).Success);
        var program = TestCompiler.Compile(Shop).AddReferences(MetadataReference.CreateFromImage(image.ToArray()));

        Assert.Equal(["PEN319 'Shop'"], Found(
            TestCompiler.Build(program, Text("Totals: keyed(string){Old:int16}", "Totals.Seen: keyed(string,int32){Value:int32}")),
            out _));
        Assert.Equal(["PEN315 'Op'"], Found(
            TestCompiler.Build(program, Text("Totals: keyed(string){A:int64}", "Totals.Seen: keyed(string,int32){Value:int32}")),
            out _));
    }

    [Theory]
    [InlineData("Gone.Seen: keyed(string,int32){Value:int64}")]
    [InlineData("Gone.Seen: keyed(string,int32){Value:int64}", "Gone.List: keyed(string,int32){Value:int64}")]
    [InlineData(
        "Gone: keyed(string){A:int32}",
        "Gone.Seen: keyed(string,int32){Expires:int64;Value:int64}",
        "Gone/key: keyed(string){A:int32}")]
    public void A_renamed_stream_is_reported_once_and_its_old_id_corrects_it(params string[] gone)
    {
        var members = Keyed("[State] private partial ref int A { get; } [State] private partial MapState<int, long> Seen { get; }");
        var result = TestCompiler.BuildLocked(Text(gone), DiagnosticPage.Shared, Shop + members);
        Assert.Equal(["PEN316 'Shop'"], Found(result, out var diagnostics));
        Assert.Equal(
            "Pipeline 'Shop' no longer has 'Gone', whose state is in the last release: give the stream that continues it Id = \"Gone\", or add [RemovedState(\"Gone\")]",
            diagnostics[0].GetMessage(CultureInfo.InvariantCulture));

        var mended = TestCompiler.BuildLocked(
            Text("Gone: keyed(string){A:int32}", "Gone.Seen: keyed(string,int32){Value:int64}"),
            DiagnosticPage.Shared,
            Shop.Replace("nameof(Orders))", "nameof(Orders), Id = \"Gone\")", StringComparison.Ordinal) + members);
        mended.AssertClean();
        Assert.Empty(mended.Penstock);
    }

    [Fact]
    public void An_operator_with_a_dot_in_its_id_is_named_by_the_id()
    {
        var result = TestCompiler.BuildLocked(
            Text("Totals: keyed(string){A:int32}", "Old.Gone: keyed(string){A:int32}", "Old.Gone.Seen: keyed(string,int32){Value:int64}"),
            DiagnosticPage.Shared,
            Shop + Keyed("[State] private partial ref int A { get; }"));
        Assert.Equal(["PEN316 'Shop'"], Found(result, out var diagnostics));
        Assert.Contains("Id = \"Old.Gone\"", diagnostics[0].GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("penstock-state-lock 2\n", 0, "it has format 2, and this version of Penstock reads formats up to 1: update Penstock")]
    [InlineData(
        "penstock-state-lock 99999999999\n",
        0,
        "it has format 99999999999, and this version of Penstock reads formats up to 1: update Penstock")]
    [InlineData("# x\nhello\n", 1, "it does not begin with 'penstock-state-lock 1'")]
    [InlineData("penstock-state-lock 1\nTotals: keyed(string){}\n", 1, "a line is '[Pipeline]' or, below one, 'Operator: schema'")]
    [InlineData("penstock-state-lock 1\n[Shop]\n<<<<<<< HEAD\n", 2, "a line is '[Pipeline]' or, below one, 'Operator: schema'")]
    [InlineData(
        "penstock-state-lock 1\n[Shop]\nTotals: keyed(string){A:int33}\n",
        2,
        "'keyed(string){A:int33}' is no schema: expected a type at character 17")]
    public void A_lock_that_cannot_be_read_is_an_error_at_its_line(string text, int line, string reason)
    {
        var diagnostic = Assert.Single(TestCompiler.BuildLocked(text, DiagnosticPage.Shared, Shop + Keyed("")).Penstock);
        Assert.Equal("PEN318", diagnostic.Id);
        Assert.Equal(line, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Equal("/project/penstock.state.lock", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal($"'penstock.state.lock' cannot be read: {reason}", diagnostic.GetMessage(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_pipeline_that_is_gone_is_an_error_at_its_line()
    {
        var diagnostic = Assert.Single(
            TestCompiler.BuildLocked(
                "penstock-state-lock 1\r\n\r\n[Store]\r\nOrders: splits{}\r\n",
                DiagnosticPage.Shared,
                Shop.Replace("[Pipeline]", "[Pipeline(Name = \"Other\")]", StringComparison.Ordinal) + Keyed("")).Penstock,
            static diagnostic => diagnostic.Id != "PEN319");
        Assert.Equal("PEN317", diagnostic.Id);
        Assert.Equal(2, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void The_generator_writes_the_text_of_the_lock_where_there_is_one()
    {
        var program = Shop
            + Keyed(
                "[State] private partial ref int A { get; } [State] private partial MapState<(int, string), List<long?>> Seen { get; }");
        Assert.DoesNotContain("penstock.state.lock.g.cs", TestCompiler.BuildShop(program).AssertClean().Files);

        // An empty lock is about to be filled, and its new contents match.
        var text = string.Concat(TestCompiler.BuildLocked("", DiagnosticPage.Shared, program)
            .AssertClean()
            .Text("penstock.state.lock.g.cs")
            .Split('\n')
            .SkipLast(1)
            .Select(static line => line[3..] + "\n"));
        Assert.Equal(
            """
            # What the pipelines of the last release save. Commit it; update it with each release: dotnet build -t:UpdatePenstockStateLock
            penstock-state-lock 1

            [Shop]
            Orders: splits{}
            Totals: keyed(string){A:int32}
            Totals.Seen: keyed(string,(int32,string)){Value:list<int64?>}

            """,
            text);
        Assert.Empty(TestCompiler.BuildLocked(text, DiagnosticPage.Shared, program).AssertClean().Penstock);
    }

    private static BuildResult Build(string locked, string program) =>
        TestCompiler.BuildLocked(
            Text(locked.StartsWith("Totals", StringComparison.Ordinal) ? [locked] : [locked, "Totals: keyed(string){A:int32}"]),
            DiagnosticPage.Shared,
            Shop + program);

    private static string Text(params string[] entries) =>
        $"penstock-state-lock 1\n\n[Shop]\nOrders: splits{{}}\n{string.Join("\n", entries)}\n";

    private static string Keyed(string members) => $$"""
        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Op
        {
            {{members}}
            [Process] private void On(in Order order, ref Output<ShopTotal> output) { }
        }

        public readonly struct UriCodec : IValueCodec<Uri>
        {
            public static string Schema => "uri/2";
            public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Uri value) where TBuffer : class, System.Buffers.IBufferWriter<byte> { }
            public static Uri Read(ref MemoryPack.MemoryPackReader reader) => new("http://a");
            public static Uri Detach(Uri value) => value;
        }
        """;

    private static List<string> Found(BuildResult result, out List<Diagnostic> diagnostics)
    {
        Assert.Empty(result.Ours);
        diagnostics = [.. result.Penstock];
        return [
            .. diagnostics.Select(static diagnostic =>
                $"{diagnostic.Id} '{diagnostic.MarkedText()}'")
        ];
    }

    private static string Around(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetRoot()
        .FindNode(diagnostic.Location.SourceSpan)
        .Ancestors()
        .OfType<Microsoft.CodeAnalysis.CSharp.Syntax.ClassDeclarationSyntax>()
        .First()
        .ToString();
}
