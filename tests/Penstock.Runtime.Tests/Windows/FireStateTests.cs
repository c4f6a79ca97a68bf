using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>A result that contains the number of firings of its window, and its previous count.</summary>
public readonly record struct Version(string User, int Number, int Count, int Before);

/// <summary>The next firing reads what a firing has written.</summary>
[Pipeline]
public sealed partial class VersionsPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<NumberVersions>(nameof(Clicks))]
    [FileSink("versions.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Version> Versions { get; }
}

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s", AllowedLateness = "5s")]
public sealed partial class NumberVersions
{
    [State] private partial ref int Count { get; }
    [State] private partial ref int Number { get; }
    [State] private partial ref int Before { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Fire]
    private Version Close(in Window<string> window)
    {
        Number++;
        var version = new Version(window.Key, Number, Count, Before);
        Before = Count;
        return version;
    }
}

/// <summary>State that a <c>[Fire]</c> method writes.</summary>
public class FireStateTests
{
    private const string Clicks = nameof(VersionsPipeline.Clicks);
    private const string Versions = nameof(VersionsPipeline.Versions);

    [Fact]
    public void What_a_firing_writes_is_there_when_the_window_fires_again()
    {
        using var test = PipelineTest.For<VersionsPipeline>();
        test.Send(Clicks, WindowTests.At(1), WindowTests.At(2), WindowTests.At(1, "bob"), WindowTests.At(12));
        test.Send(Clicks, WindowTests.At(3));
        test.Send(Clicks, WindowTests.At(4));
        var versions = test.Read<Version>(Versions);
        Assert.Equal(
            [new Version("ann", 1, 2, 0), new Version("ann", 2, 3, 2), new Version("ann", 3, 4, 3)],
            versions.Where(static version => version.User == "ann"));
        Assert.Equal([new Version("bob", 1, 1, 0)], versions.Where(static version => version.User == "bob"));
    }

    [Fact]
    public void What_a_firing_writes_belongs_to_its_window()
    {
        using var test = PipelineTest.For<VersionsPipeline>();
        test.Send(Clicks, WindowTests.At(1), WindowTests.At(12), WindowTests.At(2), WindowTests.At(22));
        Assert.Equal([new Version("ann", 1, 1, 0), new Version("ann", 2, 2, 1), new Version("ann", 1, 1, 0)], test.Read<Version>(Versions));
    }

    [Fact]
    public void What_a_firing_writes_survives_a_crash()
    {
        using var test = PipelineTest.For<VersionsPipeline>();
        test.Send(Clicks, WindowTests.At(1), WindowTests.At(12));
        test.Checkpoint();
        test.CrashAndRestore();
        test.Send(Clicks, WindowTests.At(2));
        Assert.Equal(new Version("ann", 2, 2, 1), test.Read<Version>(Versions)[^1]);
    }
}
