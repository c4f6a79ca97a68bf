using System.Globalization;
using System.Text;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Outputs;

/// <summary>Side outputs with names that operators declare, in the engine, compared with plain loops.</summary>
public sealed class SideOutputTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 3)]
    [InlineData(3, 64)]
    public void Each_row_goes_to_its_output(int parallelism, int batch)
    {
        var lines = Lines(new Random(parallelism * 100 + batch), 500);
        using var test = PipelineTest.For<SensorPipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        test.SendText(nameof(SensorPipeline.Lines), Csv(lines));
        test.End(nameof(SensorPipeline.Lines));

        var (smooth, jumps, rejected) = Expected(lines);
        Assert.NotEmpty(jumps);
        Assert.NotEmpty(rejected);
        Assert.Equal(smooth.Order(), test.Read<Reading>(nameof(SensorPipeline.Smoothed)).Select(Text).Order());
        Assert.Equal(jumps.Order(), test.Read<Jump>(nameof(SensorPipeline.Jumps)).Select(Text).Order());
        Assert.Equal(rejected.Order(), test.Read<Unreadable>(nameof(SensorPipeline.Rejected)).Select(Text).Order());

        // A row of a side output has the time of the row from which it was created.
        var minutes = lines
            .Where(static line => !double.TryParse(line.Text, CultureInfo.InvariantCulture, out _))
            .GroupBy(static line => (line.Device, Minute: (line.At - Start).Ticks / TimeSpan.TicksPerMinute));
        Assert.Equal(
            minutes.Select(static minute => $"{minute.Key.Device} {minute.Key.Minute} {minute.Count()}").Order(),
            test.Read<Rejections>(nameof(SensorPipeline.RejectedPerMinute))
                .Select(static count => $"{count.Device} {(count.Minute - Start).Ticks / TimeSpan.TicksPerMinute} {count.Count}")
                .Order());

        // Several operators may read it, and a union may include it.
        Assert.Equal(
            jumps.Select(static jump => "jump " + jump).Concat(rejected.Select(static text => "rejected " + text)).Order(),
            test.Read<Note>(nameof(SensorPipeline.Notes)).Select(static note => note.Text).Order());
    }

    [Fact]
    public void Crashes_double_and_lose_nothing_that_is_put_aside()
    {
        using var test = PipelineTest.For<SensorPipeline>();
        var report = test.ExploreCrashes(
            static input => input.SendText(nameof(SensorPipeline.Lines), Csv(Lines(new Random(1), 120))),
            seeds: 60);
        Assert.InRange(report.Crashes.Values.Sum(), 60, 180);
    }

    [Fact]
    public void A_method_knows_its_subtask()
    {
        using var test = PipelineTest.For<PlacesPipeline>(static options => options.Parallelism = 3);
        test.SendText(nameof(PlacesPipeline.Lines), Csv(Lines(new Random(1), 300)));
        test.End(nameof(PlacesPipeline.Lines));

        var placed = test.Read<Placed>(nameof(PlacesPipeline.Places));
        Assert.Equal([0, 1, 2], placed.Select(static row => row.Subtask).Distinct().Order());
        Assert.All(
            placed.GroupBy(static row => row.Device),
            static device => Assert.Single(device.Select(static row => row.Subtask).Distinct()));
    }

    private static (List<string> Smooth, List<string> Jumps, List<string> Rejected) Expected(List<Line> lines)
    {
        var last = new Dictionary<string, double>();
        var (smooth, jumps, rejected) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var line in lines)
        {
            if (!double.TryParse(line.Text, CultureInfo.InvariantCulture, out var value))
            {
                rejected.Add($"{line.Device} {line.Text}");
                continue;
            }

            var before = last.GetValueOrDefault(line.Device);
            if (Math.Abs(value - before) > 10)
            {
                jumps.Add(Text(new Jump(line.Device, before, value)));
            }

            smooth.Add(Text(new Reading(line.Device, last[line.Device] = (before + value) / 2, line.At)));
        }

        return (smooth, jumps, rejected);
    }

    private static string Text(Reading reading) => FormattableString.Invariant($"{reading.Device} {reading.Value:R} {reading.At:O}");

    private static string Text(Jump jump) => FormattableString.Invariant($"{jump.Device} {jump.From:R} {jump.To:R}");

    private static string Text(Unreadable line) => $"{line.Device} {line.Text}";

    private static List<Line> Lines(Random random, int count) => [.. Enumerable.Range(0, count).Select(index => new Line(
        $"d{random.Next(12)}", random.Next(6) == 0
            ? $"?{random.Next(9)}"
            : random.Next(40).ToString(CultureInfo.InvariantCulture), Start.AddSeconds(index)))];

    private static string Csv(List<Line> lines) =>
        lines.Aggregate(
            new StringBuilder("device,text,at\n"),
            static (text, line) => text.Append(CultureInfo.InvariantCulture, $"{line.Device},{line.Text},{line.At:O}\n")).ToString();
}
