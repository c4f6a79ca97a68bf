using CsCheck;
using Penstock.Runtime.Tests.Windows;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Collections;

/// <summary>
/// Maps, lists and reducing states compared with plain collections, with checkpoints, crashes and changes of the parallelism in between.
/// </summary>
public class CollectionStateTests
{
    private const string Commands = nameof(CollectPipeline.Commands);
    private const string Contents = nameof(CollectPipeline.Contents);

    private static readonly string[] Users = ["ann", "bob", "cid", "dora"];

    private static readonly Gen<Command[]> SomeCommands = Gen.Select(
        Gen.Int[0, Users.Length - 1],
        Gen.Enum<Verb>(),
        Gen.Int[0, 6],
        Gen.Int[0, 99],
        Gen.Int[0, 60])
        .Select((
            user,
            verb,
            item,
            value,
            second) => new Command(Users[user], verb, item, value, WindowTests.Start(second).UtcDateTime)).Array[0, 80];

    [Fact]
    public void Collections_are_those_of_plain_collections_whatever_happens_in_between()
    {
        Gen.Select(SomeCommands, Gen.Int[1, 4], Gen.Int[0, 1_000_000]).Sample(
            (commands, parallelism, seed) =>
            {
                var plain = Users.ToDictionary(user => user, _ => new PlainCollections());
                var expected = commands.Select(command =>
                {
                    plain[command.User].Apply(command);
                    return new Content(command.User, plain[command.User].ToString());
                }).ToLookup(content => content.User);
                var contents = Run<CollectPipeline>(commands, parallelism, new Random(seed)).ToLookup(content => content.User);
                Assert.All(Users, user => Assert.Equal(expected[user], contents[user]));
            },
            iter: 150);
    }

    [Fact]
    public void Each_window_has_its_own_and_the_key_has_those_of_all()
    {
        Gen.Select(SomeCommands, Gen.Int[1, 4], Gen.Int[0, 1_000_000]).Sample(
            (commands, parallelism, seed) =>
            {
                // In order, so that no row is late and the last firing of a window has all of its contents.
                commands = [.. commands.OrderBy(command => command.At)];
                var plain = new Dictionary<(string, long), PlainCollections>();
                foreach (var command in commands)
                {
                    var key = (command.User, command.At.Ticks / TimeSpan.TicksPerSecond / 10 * 10);
                    plain.TryAdd(key, new PlainCollections());
                    plain[key].Apply(command);
                }

                var expected =
                    plain.Select(window =>
                        $"{window.Key.Item1} {(window.Key.Item2 - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond) / 10 % 100}: {window.Value}");
                var contents = Run<CollectInWindowsPipeline>(
                    commands,
                    parallelism,
                    new Random(seed)).Select(content => $"{content.User} {content.Text}");
                Assert.Equal(expected.Order(StringComparer.Ordinal), contents.Order(StringComparer.Ordinal));
            },
            iter: 150);
    }

    [Fact]
    public void Late_rows_find_the_collections_of_their_window()
    {
        using var test = PipelineTest.For<CollectInWindowsPipeline>();
        test.Send(Commands, At(1, 5), At(11, 6), At(15, 7));
        test.Checkpoint();
        test.Send(Commands, At(2, 8));
        test.CrashAndRestore(3);
        test.Send(Commands, At(3, 9));
        Assert.Equal(
            ["0: item1=5 |  |  | ", "0: item1=8 |  |  | ", "0: item1=9 |  |  | "],
            test.Read<Content>(Contents).Select(content => content.Text).Distinct());

        static Command At(int second, int value) => new("ann", Verb.Set, 1, value, DateTime.UnixEpoch.AddSeconds(second));
    }

    [Fact]
    public void A_checkpoint_saves_the_entries_that_changed_and_not_the_map()
    {
        using var harness = new CollectionHarness();
        for (var key = 0; key < 1_000_000; key++)
        {
            harness.Map[key] = key;
            harness.List.Add(key);
        }

        Assert.True(harness.Save("Map", all: true) > 1_000_000 * 16);
        Assert.True(harness.Save("List", all: true) > 1_000_000 * 16);
        var nothing = harness.Save("Map", all: false);
        Assert.InRange(nothing, 1, 100);

        // Reading is not a change. A removal saves its key, and none of the other entries.
        var sum = 0L;
        foreach (var (_, value) in harness.Map)
        {
            sum += value;
        }

        Assert.Equal(999_999L * 500_000, sum);
        harness.Map[500_000]++;
        Assert.InRange(harness.Save("Map", all: false) - nothing, 16, 30);
        harness.Map.Remove(600_000);
        Assert.InRange(harness.Save("Map", all: false) - nothing, 12, 30);
        harness.List[500_000]++;
        Assert.InRange(harness.Save("List", all: false) - nothing, 16, 30);
        harness.List.Add(5);
        harness.List.RemoveLast();
        harness.List.RemoveLast();
        Assert.InRange(harness.Save("List", all: false) - nothing, 24, 40);
        Assert.Equal(999_999, harness.Map.Count);
        Assert.Equal(999_999, harness.List.Count);
    }

    [Fact]
    public void Collections_that_are_warm_allocate_nothing()
    {
        using var harness = new CollectionHarness();
        long sum = 0;
        var allocated = new long[3];
        for (var round = 0; round < 400; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var key = 0; key < 200; key++)
            {
                harness.Enter(key % 20);
                harness.Map.GetOrAdd(key)++;
                harness.Map[key] += harness.Map.TryGetValue(key + 20, out var value) ? value & 1 : 0;
                harness.List.Add(key);
                foreach (var (entry, count) in harness.Map)
                {
                    sum += entry + count;
                }

                foreach (var element in harness.List)
                {
                    sum += element;
                }

                harness.Map.Remove(key - 100);
                if (harness.List.Count > 5)
                {
                    harness.List.RemoveLast();
                    harness.List.Clear();
                }

                if (round % 3 == 0)
                {
                    harness.Map.Clear();
                }
            }

            if (round >= 100)
            {
                allocated[(round - 100) / 100] += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            // A removal is recorded until the next checkpoint.
            harness.Save("Map", all: false);
            harness.Save("List", all: false);
        }

        Assert.True(sum > 0);

        // The runtime may allocate when it recompiles. Allocations of rows would be in every hundred rounds.
        Assert.Equal(0, allocated.Min());
    }

    [Fact]
    public void A_foreign_removal_ends_an_enumeration()
    {
        var (map, _) = Open();
        map[1] = 1;
        map[2] = 2;
        map[3] = 3;
        Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var (key, _) in map)
            {
                map.Remove(key + 1);
            }
        });
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        var (map, list) = Open();
        Assert.Contains("no key '7'", Assert.Throws<KeyNotFoundException>(() => map[7]).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => map.GetRef(7));
        Assert.False(map.Remove(7));
        Assert.Contains("0 elements", Assert.Throws<ArgumentOutOfRangeException>(() => list[0]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Get(-1));
        Assert.Throws<InvalidOperationException>(() => list.RemoveLast());
        var empty = default(Reduced<int>);
        Assert.Throws<InvalidOperationException>(() => new ReducingState<int, Most>(ref empty).Value);
    }

    [Fact]
    public void A_reducing_state_forgets_when_it_is_cleared()
    {
        var reduced = default(Reduced<int>);
        var state = new ReducingState<int, Most>(ref reduced);
        state.Add(-5);
        state.Add(-7);
        Assert.Equal(-5, state.Value);
        state.Clear();
        Assert.False(state.HasValue);
        state.Add(-9);
        Assert.Equal(-9, state.Value);
    }

    private static List<Content> Run<T>(Command[] commands, int parallelism, Random random)
        where T : class, Penstock.IPipeline
    {
        using var test = PipelineTest.For<T>(options =>
        {
            options.Parallelism = parallelism;
            options.BatchSize = 4;
            options.ChannelCapacity = 2;
        });
        for (var sent = 0; sent < commands.Length;)
        {
            var count = Math.Min(random.Next(1, 8), commands.Length - sent);
            test.Send(Commands, commands.AsSpan(sent, count));
            sent += count;
            switch (random.Next(5))
            {
                case 0 or 1:
                    test.Checkpoint();
                    break;
                case 2:
                    test.CrashAndRestore(random.Next(1, 5));
                    break;
            }
        }

        test.End(Commands);
        test.Checkpoint();
        return [.. test.Committed<Content>(Contents)];
    }

    private static (MapState<int, int> Map, ListState<int> List) Open() => CollectionHarness.Open();
}
