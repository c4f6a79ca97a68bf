using System.Globalization;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Connectors;

/// <summary>A test reads streams without a sink: of every kind of operator, and side outputs.</summary>
public sealed class EveryStreamTests
{
    private const string Rides = nameof(RidesPipeline.Rides);

    private static readonly Ride[] Sent = [.. Enumerable
        .Range(0, 300)
        .Select(static number => new Ride($"line {number % 7}", At(number - (number % 50 == 49 ? 40 : 0)), number % 11, $"note {number}"))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_stream_has_the_rows_that_a_plain_loop_computes(int parallelism)
    {
        using var test = PipelineTest.For<RidesPipeline>(options => options.Parallelism = parallelism, everyStream: true);
        test.SendText(Rides, "line,at,people,note\n" + string.Concat(Sent.Select(TextOf)) + "line 1,yesterday,2,x\n");
        test.End(Rides);

        // For one split, in order: a row is late if an earlier row has closed a window to which it belongs.
        var late = Sent.Where((ride, index) => Sent.Take(index).Any(earlier => HourOf(earlier) > HourOf(ride))).ToList();
        var busy = Sent.Where(static ride => ride.People > 3).ToList();
        Assert.Equal(Sent, test.Read<Ride>(Rides));
        Assert.Equal(busy, test.Read<Ride>(nameof(RidesPipeline.Busy)));
        Assert.Equal(busy.Select(static ride => ride.People * 2), test.Read<int>(nameof(RidesPipeline.Doubled)));
        Assert.Equal(
            busy.SelectMany(static ride => Enumerable.Range(0, ride.People % 3).Select(number => $"{ride.Line}/{number}")),
            test.Read<string>(nameof(RidesPipeline.Seats)));
        Assert.NotEmpty(late);
        AssertSame(late, test.Read<Ride>(nameof(RidesPipeline.Late)));
        var hours = Sent.Except(late)
            .GroupBy(static ride => (ride.Line, HourOf(ride)))
            .Select(static group => new LineHour(group.Key.Line, group.Key.Item2, group.Sum(static ride => ride.People)))
            .ToList();
        AssertSame(hours, test.Read<LineHour>(nameof(RidesPipeline.Hours)));
        AssertSame(hours.Select(Text), test.Read<LineText>(nameof(RidesPipeline.Texts)));
        Assert.Equal("at", Assert.Single(test.Read<BadRow>(nameof(RidesPipeline.Bad))).Column);
    }

    // The reader of an ended attempt would have its options, and be disposed with it.
    [Fact]
    public void Text_that_is_sent_after_a_restart_is_read_by_the_source_of_the_restart()
    {
        var connectors = new TestConnectors(splitsPerSource: 1);
        connectors.Source<Ride>("A", static _ => throw new InvalidOperationException("first"));
        connectors.Source<Ride>("A", static _ => throw new InvalidOperationException("second"));
        var error = Assert.Throws<InvalidOperationException>(
            () => connectors.SourceOf("A").SendInput(0, SentInput.OfText("", number: 1)));
        Assert.Equal("second", error.Message);
    }

    [Fact]
    public void A_test_that_does_not_ask_for_it_runs_the_tasks_of_production_and_says_how_to_ask()
    {
        using var test = PipelineTest.For<RidesPipeline>();
        test.Send(Rides, Sent);
        test.End(Rides);
        Assert.NotEmpty(test.Read<LineText>(nameof(RidesPipeline.Texts)));
        Assert.Contains(
            "everyStream: true",
            Assert.Throws<ArgumentException>(() => test.Read<Ride>(nameof(RidesPipeline.Late))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'Rides', 'Busy'",
            Assert.Throws<ArgumentException>(() => test.Read<Ride>("Nothing")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_with_two_sinks_is_read_once()
    {
        using var test = PipelineTest.For<CopiedRidesPipeline>();
        test.Send(Rides, Sent[..10]);
        Assert.Equal(Sent[..10], test.Read<Ride>(Rides));
        test.Checkpoint();
        test.CrashAndRestore();
        test.Send(Rides, Sent[10..20]);
        test.End(Rides);
        Assert.Equal(Sent[10..20], test.Read<Ride>(Rides));
        test.Checkpoint();
        Assert.Equal(Sent[..20], test.Committed<Ride>(Rides));
    }

    [Fact]
    public void What_a_test_sends_after_the_end_is_an_error()
    {
        using var test = PipelineTest.For<RidesPipeline>();
        test.Send(Rides, Sent[0]);
        test.End(Rides);
        Assert.Contains(
            "has ended source 'Rides'",
            Assert.Throws<InvalidOperationException>(() => test.Send(Rides, Sent[1])).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => test.SendTo(Rides, 0, Sent[1]));
        Assert.Throws<InvalidOperationException>(() => test.SendText(Rides, "line,at,people,note\n"));

        // The external system keeps it.
        test.CrashAndRestore();
        Assert.Throws<InvalidOperationException>(() => test.Send(Rides, Sent[1]));
    }

    [Fact]
    public void Errors_about_wrong_types_and_names_list_the_right_ones()
    {
        using var test = PipelineTest.For<RidesPipeline>(everyStream: true);
        Assert.Equal(
            "The rows of source 'Rides' are of type Ride, not of type String.",
            Assert.Throws<ArgumentException>(() => test.Send(Rides, "line 1")).Message);
        Assert.Equal(
            "The rows of source 'Rides' are of type Penstock.Runtime.Tests.Testing.Connectors.Ride, not of type Penstock.Runtime.Tests.Testing.Connectors.Others.Ride.",
            Assert.Throws<ArgumentException>(() => test.Send(Rides, new Others.Ride(1))).Message);
        Assert.Equal(
            "The rows of stream 'Rides' are of type Ride, not of type List<Int32>.",
            Assert.Throws<ArgumentException>(() => test.Read<List<int>>(Rides)).Message);
        Assert.Equal(
            "The rows of stream 'Texts' are of type LineText, not of type Int32.",
            Assert.Throws<ArgumentException>(() => test.Read<int>(nameof(RidesPipeline.Texts))).Message);
        Assert.Contains(
            "no source 'Riders'; it has 'Rides'",
            Assert.Throws<ArgumentException>(() => test.AdvanceWatermark("Riders", DateTimeOffset.UnixEpoch)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_committed_of_a_stream_without_a_sink_and_what_was_read_outlives_a_crash()
    {
        using var test = PipelineTest.For<RidesPipeline>(everyStream: true);
        test.Send(Rides, Sent[0]);
        test.Checkpoint();
        test.Send(Rides, Sent[1]);
        test.CrashAndRestore(parallelism: 2);
        Assert.Equal([Sent[0], Sent[1], Sent[1]], test.Read<Ride>(Rides));
        Assert.Empty(test.Read<Ride>(Rides));
        Assert.Contains(
            "nothing of it is committed",
            Assert.Throws<ArgumentException>(() => test.Committed<Ride>(Rides)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "not of type Int32",
            Assert.Throws<ArgumentException>(() => test.Read<int>(Rides)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_a_test_of_every_stream_has_saved_is_that_of_production()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-every-").FullName;
        try
        {
            using (var first = PipelineTest.For<RidesPipeline>(checkpoints: folder, everyStream: true))
            {
                first.Send(Rides, Sent[0]);
                first.Checkpoint();
            }

            using var second = PipelineTest.For<RidesPipeline>(checkpoints: folder);
            second.End(Rides);
            Assert.Equal(
                [Text(new LineHour(Sent[0].Line, HourOf(Sent[0]), Sent[0].People))],
                second.Read<LineText>(nameof(RidesPipeline.Texts)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LineText Text(LineHour hour) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{hour.Line} {hour.Hour:HH} {hour.People}"));

    private static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> actual) =>
        Assert.Equal(
            expected.Select(static row => $"{row}").Order(StringComparer.Ordinal),
            actual.Select(static row => $"{row}").Order(StringComparer.Ordinal));

    private static string TextOf(Ride ride) =>
        string.Create(CultureInfo.InvariantCulture, $"{ride.Line},{ride.At:O},{ride.People},{ride.Note}\n");

    private static DateTimeOffset At(int minute) => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);

    private static DateTimeOffset HourOf(Ride ride) => new(ride.At.Year, ride.At.Month, ride.At.Day, ride.At.Hour, 0, 0, TimeSpan.Zero);
}

public readonly record struct Ride(string Line, DateTimeOffset At, int People, string Note);

public readonly record struct LineText(string Text);

public readonly record struct LineHour(string Line, DateTimeOffset Hour, int People);

[Operator]
public sealed partial class IsBusy
{
    [Filter]
    private static bool Keep(in Ride ride) => ride.People > 3;
}

[Operator]
public sealed partial class TwoTimes
{
    [Map]
    private static int Double(in Ride ride) => ride.People * 2;
}

[Operator]
public sealed partial class SeatNames
{
    [FlatMap]
    private static void Name(in Ride ride, ref Output<string> output)
    {
        for (var number = 0; number < ride.People % 3; number++)
        {
            output.Emit($"{ride.Line}/{number}");
        }
    }
}

[Operator, KeyBy(nameof(Ride.Line)), TumblingWindow("1h")]
public sealed partial class PeoplePerHour
{
    [State]
    private partial ref int People { get; }

    [Accumulate]
    private void Add(in Ride ride) => People += ride.People;

    [Fire]
    private LineHour Close(in Window<string> window) => new(window.Key, window.Start, People);
}

[Operator]
public sealed partial class HourText
{
    [Map]
    private static LineText Write(in LineHour hour) => new($"{hour.Line} {hour.Hour:HH} {hour.People}");
}

// Streams that only a test reads.
[Pipeline]
public sealed partial class CopiedRidesPipeline
{
    [FileSource("rides.csv")]
    [FileSink("first.csv")]
    [FileSink("second.csv")]
    public partial Stream<Ride> Rides { get; }
}

#pragma warning disable PEN107
[Pipeline]
public sealed partial class RidesPipeline
{
    [FileSource("rides.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Ride.At))]
    public partial Stream<Ride> Rides { get; }

    [Apply<IsBusy>(nameof(Rides))]
    public partial Stream<Ride> Busy { get; }

    [Apply<TwoTimes>(nameof(Busy))]
    public partial Stream<int> Doubled { get; }

    [Apply<SeatNames>(nameof(Busy))]
    public partial Stream<string> Seats { get; }

    [Apply<PeoplePerHour>(nameof(Rides))]
    public partial Stream<LineHour> Hours { get; }

    [Apply<HourText>(nameof(Hours))]
    [FileSink("texts.csv")]
    public partial Stream<LineText> Texts { get; }

    [SideOutput(nameof(Hours), SideOutputs.Late)]
    public partial Stream<Ride> Late { get; }

    [SideOutput(nameof(Rides), SideOutputs.BadRows)]
    public partial Stream<BadRow> Bad { get; }
}
