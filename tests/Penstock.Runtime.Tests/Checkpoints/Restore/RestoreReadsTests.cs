using System.Buffers;
using MemoryPack;
using Penstock.Runtime.Tests.Windows;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Checkpoints.Restore;

/// <summary>A value that counts how often it is read.</summary>
[StateCodec(typeof(CountedCodec))]
public sealed record Counted(int Value);

public readonly struct CountedCodec : IValueCodec<Counted>
{
    private static int _reads;

    public static int Reads => Volatile.Read(ref _reads);

    public static string Schema => "counted/1";

    public static bool IsMutable => false;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Counted value)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(value.Value);

    public static Counted Read(ref MemoryPackReader reader)
    {
        Interlocked.Increment(ref _reads);
        return new Counted(reader.ReadUnmanaged<int>());
    }

    public static Counted Detach(Counted value) => value;
}

/// <summary>Every kind of state, each with a counted value.</summary>
[Pipeline]
public sealed partial class CountedPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<KeepCounted>(nameof(Clicks))]
    [FileSink("kept.csv")]
    public partial Stream<Running> Kept { get; }

    [Apply<KeepCountedInWindows>(nameof(Clicks))]
    [FileSink("windows.csv")]
    public partial Stream<Running> Windows { get; }
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class KeepCounted
{
    [State] private partial ref Counted? Last { get; }
    [State] private partial MapState<int, Counted> Map { get; }
    [State] private partial ListState<Counted> List { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output)
    {
        var value = click.Value;
        output.Emit(new Running(click.User, (Last?.Value ?? -1) + Map.Count + List.Count));
        Last = new Counted(value);
        Map[value] = Last;
        List.Add(Last);
    }
}

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s")]
public sealed partial class KeepCountedInWindows
{
    [State] private partial ref Counted? Last { get; }
    [State] private partial MapState<int, Counted> Map { get; }

    [Accumulate]
    private void Add(in Click click)
    {
        Last = new Counted(click.Value);
        Map[click.Value] = Last;
    }

    [Fire]
    private Running Close(in Window<string> window) => new(window.Key, Last!.Value + Map.Count);
}

/// <summary>A subtask reads no saved state without keys that it owns.</summary>
[Collection(nameof(CountedCodec))]
public sealed class RestoreReadsTests
{
    private const int Users = 400;
    private const int ValuesPerUser = 5;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(8, 8, 1)]
    [InlineData(4, 8, 2)]
    [InlineData(8, 4, 1)]
    [InlineData(3, 4, 2)]
    [InlineData(1, 4, 4)]
    public void Each_saved_value_is_read_by_the_subtasks_that_may_own_it_alone(int before, int after, int most)
    {
        using var test = PipelineTest.For<CountedPipeline>(options => options.Parallelism = before);
        var clicks = Enumerable.Range(0, Users)
            .Select(static user => new Click($"user{user}", WindowTests.Start(1).UtcDateTime, user))
            .ToArray();
        test.Send(nameof(CountedPipeline.Clicks), clicks);
        test.Checkpoint();
        var reads = CountedCodec.Reads;
        test.CrashAndRestore(after);
        Assert.InRange(CountedCodec.Reads - reads, ValuesPerUser * Users, ValuesPerUser * Users * most);

        test.Send(nameof(CountedPipeline.Clicks), clicks);
        test.End(nameof(CountedPipeline.Clicks));
        test.Checkpoint();
        Assert.Equal(
            clicks.SelectMany(static click => (Running[])[new(click.User, -1), new(click.User, click.Value + 2)]).Order(ByText),
            test.Committed<Running>(nameof(CountedPipeline.Kept)).Order(ByText));
        Assert.Equal(
            clicks.Select(static click => new Running(click.User, click.Value + 1)).Order(ByText),
            test.Committed<Running>(nameof(CountedPipeline.Windows)).Order(ByText));
    }

    private static readonly Comparer<Running> ByText =
        Comparer<Running>.Create(static (left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    [Fact]
    public void Ranges_of_key_groups_meet_where_a_plain_loop_over_the_groups_says_so()
    {
        foreach (var groups in (int[])[1, 7, 16, 128])
        {
            for (var parallelism = 1; parallelism <= Math.Min(groups, 9); parallelism++)
            {
                for (var other = 1; other <= Math.Min(groups, 9); other++)
                {
                    CompareRanges(groups, parallelism, other);
                }
            }
        }
    }

    private static void CompareRanges(int groups, int parallelism, int other)
    {
        for (var subtask = 0; subtask < parallelism; subtask++)
        {
            for (var writer = 0; writer < other; writer++)
            {
                var shared = 0;
                for (var group = 0; group < groups; group++)
                {
                    if (KeyGroups.OwnerOf(group, groups, parallelism) == subtask && KeyGroups.OwnerOf(group, groups, other) == writer)
                    {
                        shared++;
                    }
                }

                var range = new KeyRange(subtask, parallelism, groups);
                var saved = new KeyRange(writer, other, groups);
                Assert.Equal(shared, range.SharedWith(saved));
                Assert.Equal(shared > 0, range.Groups.Meets(saved.Groups));
            }
        }
    }
}
