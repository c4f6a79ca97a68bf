using System.Globalization;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats.Messages;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Hosting.Running;

/// <summary>
/// If a member of a row throws, wherever generated code reads it, the error names the member and its place, and the pipeline ends. No
/// operator is named as the cause.
/// </summary>
public sealed class PoisonMemberTests
{
    private const int Lines = 40;

    private const int Bad = 25;

    [Theory]
    [InlineData("map")]
    [InlineData("filter")]
    [InlineData("flat map")]
    [InlineData("two")]
    public async Task A_key_behind_an_operator_names_the_line(string kind)
    {
        var error = kind switch
        {
            "map" => await FailAsync<MappedKeys>(parallelism: 2),
            "filter" => await FailAsync<FilteredKeys>(parallelism: 2),
            "flat map" => await FailAsync<FlatKeys>(parallelism: 2),
            _ => await FailAsync<TwoKeys>(parallelism: 2),
        };

        // The header counts as a line.
        Assert.StartsWith("PSR404: Pipeline 'Test': the key of stream 'Out' cannot be read at ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"rows.csv, line {Bad + 2}, ", error.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: There is no key.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("operator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_parallelism_1_the_key_is_named_too()
    {
        var error = await FailAsync<MappedKeys>(parallelism: 1);
        Assert.StartsWith(
            "PSR404: Pipeline 'Test': the key of stream 'Out' cannot be read at a row that task 'Rows' sent by key, ",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_a_result_of_a_window_names_the_window()
    {
        var error = await FailAsync<WindowKeys>(parallelism: 2);
        Assert.StartsWith(
            $"PSR404: Pipeline 'Test': the key of stream 'Out' cannot be read at a result of a window with key {Bad}, ",
            error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("operator", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task A_column_that_a_sink_writes_names_the_sink_and_the_row(string format)
    {
        var error = format == "csv" ? await FailAsync<OddCsv>(parallelism: 1) : await FailAsync<OddJson>(parallelism: 1);
        Assert.StartsWith("PSR404: Pipeline 'Test': a row cannot be written to sink 'Out/out.", error.Message, StringComparison.Ordinal);
        Assert.Contains($"': InvalidOperationException: There is no name. The row: {Bad} at", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_constructor_that_throws_while_a_message_is_read_ends_the_pipeline_as_for_files()
    {
        var box = new LetterBox();
        for (var i = 0; i < Lines; i++)
        {
            box.Put("k", $"{{\"number\":{i},\"time\":\"{(i == Bad ? "" : "2024-05-01 12:00")}\"}}");
        }

        var (error, restarts) = await RunAsync<MessyLetters>(new MemoryFileSystem(), 1, box);
        Assert.Equal(2, restarts);
        Assert.StartsWith(
            "PSR404: Pipeline 'Test': a row of stream 'Rows' cannot be made at a letter: ArgumentException: There is no text.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains($"The row: {{\"number\":{Bad},\"time\":\"\"}}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_a_test_sends_is_named_in_the_error()
    {
        using var test = PipelineTest.For<MessyLetters>();
        var error = Assert.ThrowsAny<PipelineException>(() => test.SendMessages(
            nameof(MessyLetters.Rows),
            new TestMessage("""{"number":1,"time":"2024-05-01 12:00"}"""),
            new TestMessage("""{"number":2,"time":""}""")));
        Assert.Contains(
            "A row cannot be made at message 1 of the test: ArgumentException: There is no text.",
            error.Message,
            StringComparison.Ordinal);
    }

    private static async Task<Exception> FailAsync<T>(int parallelism)
        where T : class, IPipeline
    {
        var files = new MemoryFileSystem();
        files.Add("rows.csv", "number,at\n" + string.Concat(Enumerable
            .Range(0, Lines)
            .Select(static i => string.Create(CultureInfo.InvariantCulture, $"{i},2024-05-01 12:00\n"))));
        var (error, restarts) = await RunAsync<T>(files, parallelism);
        Assert.Contains("has failed 3 times in a row at the same ", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, restarts);
        return error;
    }

    private static async Task<(OperatorException Error, int Restarts)> RunAsync<T>(
        MemoryFileSystem files,
        int parallelism,
        LetterBox? box = null)
        where T : class, IPipeline
    {
        var options = new PipelineOptions
        {
            BatchSize = 8,
            Parallelism = parallelism,
            IncludeRowText = true,
            Restart = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) },
        };
        var environment = TestEnvironment.Create("Test", options, box ?? new LetterBox()) with { Files = files };
        var runner = environment.RunnerOf<T>();
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await Waiting.UntilAsync(() => running.IsCompleted || runner.Status().Restarts > 5, static () => null);
        await stop.CancelAsync();
        return (
            Assert.IsType<OperatorException>(await Record.ExceptionAsync(() => running.WaitAsync(HookedJob.Timeout))),
            runner.Status().Restarts);
    }
}

/// <summary>A row whose key throws for some rows.</summary>
public readonly record struct Odd(int Number, DateTimeOffset At)
{
    public int Key => Number == 25 ? throw new InvalidOperationException("There is no key.") : Number;

}

/// <summary>A row with a column that throws for some rows.</summary>
public readonly record struct OddName(int Number, DateTimeOffset At)
{
    public string Name { get => Number == 25 ? throw new InvalidOperationException("There is no name.") : field ?? ""; init; } = "x";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} at {At:O}");
}

/// <summary>The same as another type.</summary>
public readonly record struct Odder(int Number, DateTimeOffset At)
{
    public int Key => Number == 25 ? throw new InvalidOperationException("There is no key.") : Number;
}

[Operator]
public sealed partial class ToOdder
{
    [Map]
    private static Odder Of(in Odd row) => new(row.Number, row.At);
}

[Operator]
public sealed partial class KeepOdd
{
    [Filter]
    private static bool Keep(in Odd row) => row.Number % 5 == 0;
}

[Operator]
public sealed partial class SplitOdd
{
    [FlatMap]
    private static void Split(in Odd row, ref Output<Odder> output)
    {
        output.Emit(new Odder(row.Number, row.At));
        output.Emit(new Odder(-row.Number, row.At));
    }
}

[Operator, KeyBy(nameof(Odd.Key))]
public sealed partial class CountOdd
{
    [State] private partial ref int Count { get; }

    [Process]
    private void On(in Odd row, ref Output<StepCount> output) => output.Emit(new StepCount(++Count));
}

[Operator, KeyBy(nameof(Odder.Key))]
public sealed partial class CountOdder
{
    [State] private partial ref int Count { get; }

    [Process]
    private void On(in Odder row, ref Output<StepCount> output) => output.Emit(new StepCount(++Count));
}

[Operator, KeyBy(nameof(Odd.Number)), TumblingWindow("1h")]
public sealed partial class WindowOdd
{
    [Accumulate]
    private static void Add(in Odd row)
    {
        // Only the number of rows matters.
    }

    [Fire]
    private static Odder Close(in Window<int> window) => new(window.Key, window.Start);
}

[Pipeline]
public sealed partial class MappedKeys
{
    [FileSource("rows.csv")]
    public partial Stream<Odd> Rows { get; }

    [Apply<ToOdder>(nameof(Rows))]
    public partial Stream<Odder> Mapped { get; }

    [Apply<CountOdder>(nameof(Mapped)), FileSink("out.csv")]
    public partial Stream<StepCount> Out { get; }
}

[Pipeline]
public sealed partial class FilteredKeys
{
    [FileSource("rows.csv")]
    public partial Stream<Odd> Rows { get; }

    [Apply<KeepOdd>(nameof(Rows))]
    public partial Stream<Odd> Kept { get; }

    [Apply<CountOdd>(nameof(Kept)), FileSink("out.csv")]
    public partial Stream<StepCount> Out { get; }
}

[Pipeline]
public sealed partial class FlatKeys
{
    [FileSource("rows.csv")]
    public partial Stream<Odd> Rows { get; }

    [Apply<SplitOdd>(nameof(Rows))]
    public partial Stream<Odder> Split { get; }

    [Apply<CountOdder>(nameof(Split)), FileSink("out.csv")]
    public partial Stream<StepCount> Out { get; }
}

/// <summary>Two streams with keys after one operator; the key of the first stream is a column.</summary>
[Pipeline]
public sealed partial class TwoKeys
{
    [FileSource("rows.csv"), EventTime(nameof(Odd.At))]
    public partial Stream<Odd> Rows { get; }

    [Apply<KeepOdd>(nameof(Rows))]
    public partial Stream<Odd> Kept { get; }

    [Apply<WindowOdd>(nameof(Kept)), FileSink("windows.csv")]
    public partial Stream<Odder> Windows { get; }

    [Apply<CountOdd>(nameof(Kept)), FileSink("out.csv")]
    public partial Stream<StepCount> Out { get; }
}

[Pipeline]
public sealed partial class WindowKeys
{
    [FileSource("rows.csv"), EventTime(nameof(Odd.At))]
    public partial Stream<Odd> Rows { get; }

    [Apply<WindowOdd>(nameof(Rows))]
    public partial Stream<Odder> Windows { get; }

    [Apply<CountOdder>(nameof(Windows)), FileSink("out.csv")]
    public partial Stream<StepCount> Out { get; }
}

[Pipeline]
public sealed partial class OddCsv
{
    [FileSource("rows.csv"), FileSink("out.csv")]
    public partial Stream<OddName> Out { get; }
}

[Pipeline]
public sealed partial class OddJson
{
    [FileSource("rows.csv"), FileSink("out.jsonl")]
    public partial Stream<OddName> Out { get; }
}

[Pipeline]
public sealed partial class MessyLetters
{
    [LetterSource, FileSink("copy.csv")]
    public partial Stream<Messy> Rows { get; }
}
