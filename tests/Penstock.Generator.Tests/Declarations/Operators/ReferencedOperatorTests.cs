using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Diagnostics;
using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Plan.Keys;

namespace Penstock.Generator.Tests.Declarations.Operators;

/// <summary>Operators of other assemblies, whose attributed methods are not visible there, work through their contract.</summary>
public sealed partial class ReferencedOperatorTests
{
    private const string Library = """
        namespace Library;

        public record Reading
        {
            public string Sensor { get; init; } = "";
            public int Room { get; init; }
            public DateTime At { get; init; }
            public double Value { get; init; }
            public string Note { get; init; } = "";
        }

        public record Mean(string Sensor, double Value);

        [Operator]
        public sealed partial class Plausible
        {
            [Filter] private static bool Keep(in Reading reading) => reading.Value is > -60 and < 60;
        }

        [Operator, KeyBy(nameof(Reading.Sensor)), TumblingWindow("10m", Offset = "1m")]
        public sealed partial class MeanPerSensor
        {
            [State] private partial ref double Sum { get; }
            [State] private partial ref int Count { get; }

            [Accumulate]
            private void Add(in Reading reading)
            {
                Sum += reading.Value;
                Count++;
            }

            [Fire] private Mean Close(in Window<string> window) => new(window.Key, Sum / Count);
        }

        [Operator]
        public sealed partial class Changes
        {
            [State] private partial ref double Last { get; }

            [Process]
            private void OnReading(in Reading reading, ref Output<Mean> output)
            {
                if (Last != reading.Value)
                {
                    output.Emit(new Mean(reading.Sensor, Last = reading.Value));
                }
            }
        }

        public sealed class Unmarked;
        """;

    private const string Program = """
        using Library;

        [Pipeline]
        public sealed partial class House
        {
            [FileSource("readings.csv")] [EventTime(nameof(Reading.At))]
            public partial Stream<Reading> Readings { get; }

            [Apply<Plausible>(nameof(Readings))]
            public partial Stream<Reading> Good { get; }

            [Apply<MeanPerSensor>(nameof(Good))] [FileSink("means.csv")]
            public partial Stream<Mean> Means { get; }

            [Apply<Changes>(nameof(Good))] [KeyBy(nameof(Reading.Room))] [FileSink("changes.csv")]
            public partial Stream<Mean> ChangesPerRoom { get; }
        }
        """;

    [Fact]
    public void Operator_works_through_its_contract()
    {
        var result = TestCompiler.Build(TestCompiler.Compile(Program).AddReferences(Emit(generate: true))).AssertClean();

        string[] files = ["Codecs", "Keys", "Pipeline", "Rows", "Task0", "Task1", "Task2", "Testing"];
        Assert.Equal(files.Select(static file => $"House.{file}.g.cs"), result.Files.Order());
        Assert.Contains("sizeMicros: 600_000_000, offsetMicros: 60_000_000", result.Tasks("House"), StringComparison.Ordinal);

        // Nothing reads the note, because its reader is in the contract too.
        Assert.Contains("new(\"note\", isRead: false)", result.Text("House.Codecs.g.cs"), StringComparison.Ordinal);
        Assert.Contains("new(\"sensor\")", result.Text("House.Codecs.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_a_constructor_of_another_assembly_makes_are_read_whole()
    {
        var library = Library[..Library.IndexOf("public record Reading", StringComparison.Ordinal)]
            + "public record Reading(string Sensor, int Room, DateTime At, double Value, string Note);"
            + Library[Library.IndexOf("public record Mean", StringComparison.Ordinal)..];
        var result = TestCompiler.Build(TestCompiler.Compile(Program).AddReferences(Emit(generate: true, library))).AssertClean();

        // The compiler cannot see how the constructor uses the note.
        Assert.Contains("new(\"note\")", result.Text("House.Codecs.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_found_through_the_contract()
    {
        var program = Program
            .Replace("Stream<Mean> Means", "Stream<Reading> Means", StringComparison.Ordinal)
            .Replace("[KeyBy(nameof(Reading.Room))]", "", StringComparison.Ordinal);
        var result = TestCompiler.Build(TestCompiler.Compile(program).AddReferences(Emit(generate: true)));

        Assert.Equal(["PEN106", "PEN110"], result.Penstock.Select(static diagnostic => diagnostic.Id).Order());
        Assert.Empty(result.Ours);
    }

    [Fact]
    public void State_that_expires_by_the_clock_is_found_through_the_contract()
    {
        var library = Library.Replace(
            "[State] private partial ref double Last",
            "[State(Ttl = \"1h\")] private partial ref double Last",
            StringComparison.Ordinal);
        var program = Program
            .Replace("[Pipeline]", "[Pipeline(Deterministic = true)]", StringComparison.Ordinal)
            .Replace("nameof(Good))] [KeyBy", "nameof(Other))] [KeyBy", StringComparison.Ordinal)
            .Replace(
                "    [Apply<Plausible>",
                "    [FileSource(\"other.csv\")] public partial Stream<Reading> Other { get; }\n    [Apply<Plausible>",
                StringComparison.Ordinal);
        Assert.Equal(
            ["PEN219: Pipeline 'House' is declared Deterministic, but state of 'Changes' expires by the clock, because stream 'Other' has no event time: add [EventTime(nameof(Row.Member))] to 'Other', or remove Deterministic"],
            Findings(program));
        var timed = program.Replace("(\"other.csv\")", "(\"other.csv\"), EventTime(nameof(Reading.At))", StringComparison.Ordinal);
        Assert.Empty(Findings(timed));

        IEnumerable<string> Findings(string program) =>
            TestCompiler.Build(TestCompiler.Compile(program).AddReferences(Emit(generate: true, library))).Penstock
                .Select(static found => $"{found.Id}: {found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
    }

    [Fact]
    public void Operator_without_contract_is_refused()
    {
        // Built without the generator, so the test provides the bodies of the state properties.
        var library = Library.Replace(
            "[State] private partial ref double Last { get; }",
            "private double Last { get; set; }",
            StringComparison.Ordinal);
        var start = library.IndexOf("[Operator, KeyBy", StringComparison.Ordinal);
        library = library.Remove(
            start,
            library.IndexOf("[Operator]\npublic sealed partial class Changes", StringComparison.Ordinal) - start);
        var program = Program.Remove(
            Program.IndexOf("    [Apply<MeanPerSensor>", StringComparison.Ordinal),
            Program.IndexOf(
                "    [Apply<Changes>",
                StringComparison.Ordinal) - Program.IndexOf("    [Apply<MeanPerSensor>", StringComparison.Ordinal));
        var result = TestCompiler.Build(TestCompiler.Compile(program).AddReferences(Emit(generate: false, library)));

        Assert.Equal(
            ["PEN020 at (9,12) 'Plausible'", "PEN020 at (12,12) 'Changes'"],
            result.Penstock.Select(DiagnosticPageTests.Describe));
        Assert.Empty(result.Ours);
    }

    [Fact]
    public void Newer_contract_is_refused()
    {
        var library = BuildWith(static code => Version().Replace(code, "${0}00"));
        var result = TestCompiler.Build(TestCompiler.Compile(Program).AddReferences(library));

        Assert.All(result.Penstock, static diagnostic => Assert.Equal("PEN020", diagnostic.Id));
        Assert.Equal(3, result.Penstock.Count());
    }

    [Fact]
    public void Side_outputs_work_through_the_contract()
    {
        var library = Library.Replace("""
            [Process]
                private void OnReading(in Reading reading, ref Output<Mean> output)
            """, """
            [Process]
                private void OnReading(in Reading reading, ref Output<Mean> output, ref Output<Reading> same, ref Output<string> @event)
            """, StringComparison.Ordinal);
        Assert.NotEqual(Library, library);
        var start = Program.LastIndexOf('}');
        var program = Program[..start] + """
                [SideOutput(nameof(ChangesPerRoom), "same")] [FileSink("same.csv")]
                public partial Stream<Reading> Same { get; }
            }
            """;
        var result = TestCompiler.Build(TestCompiler.Compile(program).AddReferences(Emit(generate: true, library)));

        Assert.Empty(result.Ours);
        Assert.Equal(
            ["PEN125: Operator 'Changes' emits rows to the side output 'event', but no stream reads it, so they are lost: add a Stream<string> with [SideOutput(nameof(ChangesPerRoom), \"event\")]"],
            result.Penstock.Select(static found => $"{found.Id}: {found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"));
        Assert.Contains(
            "SideOutputs = new string[] { \"same\", \"event\" }",
            TestCompiler.Build(TestCompiler.Compile(library)).Text("Library.Changes.Operator.g.cs"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Apply<Alarms>(nameof(Readings), nameof(Rooms))", "")]
    [InlineData("Apply<Limits>(nameof(Readings), nameof(Rooms)), KeyBy(nameof(Reading.Room))", "")]
    [InlineData("Apply<Alarms>(nameof(Readings))", "PEN137 Apply<Alarms>")]
    [InlineData("Apply<Alarms>(nameof(Rooms), nameof(Readings))", "PEN105 nameof(Readings)|PEN105 nameof(Rooms)")]
    [InlineData("Apply<Alarms>(nameof(Readings), nameof(Rooms)), KeyBy(nameof(Reading.Room))", "PEN116 KeyBy")]
    [InlineData("Apply<Limits>(nameof(Readings), nameof(Rooms))", "PEN110 Limits")]
    [InlineData("Apply<Limits>(nameof(Readings), nameof(Rooms)), KeyBy(nameof(Reading.Sensor))", "PEN108 nameof(Reading.Sensor)")]
    [InlineData("Apply<Limits>(nameof(Readings), nameof(Rooms)), KeyBy(nameof(Reading.Value))", "PEN109 nameof(Reading.Value)")]
    public void Several_inputs_work_through_the_contract(string applied, string expected)
    {
        const string Operators = """
            namespace Library;

            public record Reading(string Sensor, int Room, DateTime At, double Value, string Note);

            public record Limit(int Room, int Number, DateTime At, decimal Value, string Reason);

            [Operator]
            public sealed partial class Alarms
            {
                [State] private partial ref decimal Limit { get; }

                [Process, KeyBy(nameof(Reading.Room))]
                private void OnReading(in Reading reading, in Context context, ref Output<int> output, ref Output<double> high)
                {
                    high.Emit(reading.Value);
                    context.Timers.Set(reading.At);
                }

                [Process, KeyBy(nameof(Library.Limit.Number))]
                private void OnLimit(in Limit limit, ref Output<int> output, ref Output<double> high) => Limit = limit.Value;

                [OnTimer]
                private void OnTimer(in Timer<int> timer, ref Output<int> output, ref Output<double> high) => output.Emit(timer.Key);
            }

            [Operator]
            public sealed partial class Limits
            {
                [State] private partial ref decimal Limit { get; }
                [Process] private void OnReading(in Reading reading, ref Output<int> output) => output.Emit((int)Limit);
                [Process] private void OnLimit(in Limit limit, ref Output<int> output) => Limit = limit.Value;
            }
            """;
        const string High = """
            [SideOutput(nameof(Result), "high")] public partial Stream<double> High { get; }
            [Apply<OfHigh>(nameof(High))] [FileSink("high.csv")] public partial Stream<Limit> HighLimits { get; }
            """;
        var house = $$"""
            using Library;

            [Pipeline]
            public sealed partial class House
            {
                [FileSource("readings.csv"), EventTime(nameof(Reading.At)), FileSink("readings-copy.csv")]
                public partial Stream<Reading> Readings { get; }

                [FileSource("limits.csv"), EventTime(nameof(Limit.At)), FileSink("limits-copy.csv")]
                public partial Stream<Limit> Rooms { get; }

                [{{applied}}]
                public partial Stream<int> Result { get; }

                [Apply<Doubled>(nameof(Result))] [FileSink("result.csv")]
                public partial Stream<Limit> Twice { get; }
                {{(applied.Contains("Alarms", StringComparison.Ordinal) ? High : "")}}
            }

            [Operator]
            public sealed partial class Doubled
            {
                [Map] private static Limit Make(in int number) => new(number, 2 * number, default, 0, "");
            }

            [Operator]
            public sealed partial class OfHigh
            {
                [Map] private static Limit Make(in double number) => new((int)number, 0, default, 0, "");
            }
            """;
        var result = TestCompiler.Build(TestCompiler.Compile(house).AddReferences(Emit(generate: true, Operators)));

        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries),
            result.Penstock.Select(static found => $"{found.Id} {found.MarkedText()}").Order());
        if (expected.Length == 0)
        {
            result.AssertClean();
        }
    }

    [Fact]
    public void A_contract_with_several_inputs_is_refused_by_older_versions()
    {
        const string Operators = """
            namespace Library;

            public record Reading(string Sensor);

            [Operator, KeyBy(nameof(Reading.Sensor))]
            public sealed partial class Pairs
            {
                [Process] private static void OnFirst(in Reading reading, ref Output<Reading> output) => output.Emit(reading);
                [Process] private static void OnSecond(in Reading reading, ref Output<Reading> output) => output.Emit(reading);
            }
            """;
        var contract = TestCompiler.Build(TestCompiler.Compile(Operators)).AssertClean().Text("Library.Pairs.Operator.g.cs");
        Assert.Contains("GeneratedOperator(version: 3, \"Process\")", contract, StringComparison.Ordinal);
        Assert.Contains("Process1(", contract, StringComparison.Ordinal);
        Assert.Contains("Process2(", contract, StringComparison.Ordinal);
    }

    // Which members of a window, and of a map after it, form the key of updates. Without the key, the sink is refused.
    [Theory]
    [InlineData("new(window.Key, window.Start, 1)", "new(row.Sensor, row.At, row.Count)", "Sensor At")]
    [InlineData("new(window.Key, window.Start, 1)", "row with { At = row.At.AddHours(1) }", "Sensor At")]
    [InlineData("new($\"{window.Key} {window.Start:O}\", default, 1)", "row", "Sensor")]
    [InlineData("new(window.Key.Trim(), window.Start, 1)", "row", "")]
    [InlineData("new(window.Key, window.Start, 1)", "row with { At = row.At.Date }", "")]
    [InlineData("new(window.Key, window.Start, 1)", "row with { Sensor = row.Sensor + row.Count }", "")]
    public void Updates_show_their_key_through_the_contract(string fired, string made, string expected)
    {
        const string Operators = """
            namespace Library;

            public record Reading(string Sensor, DateTime At);

            public record Counted(string Sensor, DateTimeOffset At, long Count);

            [Operator, KeyBy(nameof(Reading.Sensor)), TumblingWindow("1h", AllowedLateness = "1h")]
            public sealed partial class Counts
            {
                [State] private partial ref long Count { get; }
                [Accumulate] private void Add(in Reading reading) => Count++;
                [Fire] private Counted Close(in Window<string> window) => FIRED;
            }

            [Operator]
            public sealed partial class Changed
            {
                [Map] private static Counted Make(in Counted row) => MADE;
            }
            """;
        var library = Operators.Replace("FIRED", fired, StringComparison.Ordinal).Replace("MADE", made, StringComparison.Ordinal);
        const string House = """
            using Library;

            [Pipeline]
            public sealed partial class House
            {
                [FileSource("readings.csv")] [EventTime(nameof(Reading.At))]
                public partial Stream<Reading> Readings { get; }

                [Apply<Counts>(nameof(Readings))]
                public partial Stream<Counted> Counted { get; }

                [Apply<Changed>(nameof(Counted))] [FileSink("counts.jsonl", Changelog = ChangelogFormat.OpColumn)]
                public partial Stream<Counted> Result { get; }
            }
            """;
        var result = TestCompiler.Build(TestCompiler.Compile(House).AddReferences(Emit(generate: true, library)));

        // The same as with everything in one assembly.
        var together = TestCompiler.Build(library, House);
        Assert.Equal(
            together.Penstock.Select(static found => found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)),
            result.Penstock.Select(static found => found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
        if (expected.Length == 0)
        {
            Assert.Equal("PEN131", Assert.Single(result.Penstock).Id);
            return;
        }

        result.AssertClean();
        Assert.Equal(expected, ChangelogKeyTests.KeyIn(result, "Result"));
        Assert.Equal(expected, ChangelogKeyTests.KeyIn(together, "Result"));
    }

    [Fact]
    public void Methods_without_context_get_none_unless_the_contract_is_of_version_1()
    {
        const string Made = "new global::Penstock.Context(";
        var result = TestCompiler.Build(TestCompiler.Compile(Program).AddReferences(Emit(generate: true))).AssertClean();
        Assert.DoesNotContain(Made, result.Tasks("House"), StringComparison.Ordinal);

        var older = BuildWith(static code => Version().Replace(code, static version => version.Value.Replace('2', '1'))
            .Replace("row, ref Pen", "row, in Penstock::Context context, ref Pen", StringComparison.Ordinal));
        result = TestCompiler.Build(TestCompiler.Compile(Program).AddReferences(older)).AssertClean();
        Assert.Contains(Made, result.Tasks("House"), StringComparison.Ordinal);
    }

    // The library, after a change of its generated code.
    private static PortableExecutableReference BuildWith(Func<string, string> change)
    {
        var compilation = (Microsoft.CodeAnalysis.CSharp.CSharpCompilation)TestCompiler.Build(TestCompiler
            .Compile(Library)
            .WithAssemblyName("Library")).Compilation;
        foreach (var tree in compilation.SyntaxTrees)
        {
            compilation = compilation.ReplaceSyntaxTree(
                tree,
                Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(
                    change(tree.ToString()), TestCompiler.ParseOptions, tree.FilePath));
        }

        return Reference(compilation);
    }

    private static PortableExecutableReference Emit(bool generate, string library = Library)
    {
        var compilation = TestCompiler.Compile(library).WithAssemblyName("Library");
        return Reference(generate ? TestCompiler.Build(compilation).AssertClean().Compilation : compilation);
    }

    private static PortableExecutableReference Reference(Compilation compilation)
    {
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    [GeneratedRegex(@"GeneratedOperator\(\s*version: [12]")]
    private static partial Regex Version();
}
