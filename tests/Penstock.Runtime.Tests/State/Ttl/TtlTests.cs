using System.Globalization;
using CsCheck;
using Penstock.Runtime.Tests.State.Collections;
using Penstock.Runtime.Tests.Windows;
using Penstock.State;
using Penstock.Testing;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.State.Ttl;

/// <summary>Expired state behaves exactly as if it had never existed, and its memory is released.</summary>
public class TtlTests
{
    private const long Ttl = 8_000_000;
    private const long Grid = Ttl / 8;
    private const long Delay = 2_000_000;

    private static readonly string[] Users = ["ann", "bob", "cid"];

    // At both ends of the range of event times, and before, across and after the instant 0.
    private static readonly DateTime[] Origins =
        [
            new(2, 1, 2, 0, 0, 0, DateTimeKind.Utc),
            new(1950, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            DateTime.UnixEpoch.AddSeconds(-40),
            DateTime.UnixEpoch.AddSeconds(100),
            new(9990, 1, 1, 0, 0, 0, DateTimeKind.Utc)
        ];

    [Fact]
    public void By_event_time_what_is_seen_depends_on_the_rows_alone()
    {
        var row = Gen.Select(
            Gen.Int[0, Users.Length - 1],
            Gen.Enum<Verb>(),
            Gen.Int[0, 3],
            Gen.Int[0, 99],
            Gen.Int[0, 9_000_000],
            Gen.Int[0, 40]);
        Gen.Select(
            row.Array[0, 120],
            Gen.Int[0, Origins.Length - 1].Select(static index => Origins[index]),
            Gen.Int[1, 4],
            Gen.Int[1, 40],
            Gen.Int[0, 1_000_000]).Sample(
            (rows, origin, parallelism, batchSize, seed) =>
            {
                // Mostly in order, some rows late by more than the delay, with a pause now and then.
                var start = 0L;
                var commands = rows.Select(one =>
                {
                    start += one.Item6 == 0 ? 30_000_000 : 700_000;
                    return new Command(
                        Users[one.Item1],
                        one.Item2,
                        one.Item3,
                        one.Item4,
                        origin.AddTicks((start - one.Item5) * TimeSpan.TicksPerMicrosecond));
                }).ToArray();
                var expected = Expected(commands);
                var contents = Run(commands, parallelism, batchSize, new Random(seed)).ToLookup(
                    content => content.User,
                    content => content.Text);
                Assert.All(Users, user => Assert.Equal(expected[user], contents[user]));
            },
            iter: Thoroughness.Times(300, brief: 60));
    }

    [Fact]
    public void By_processing_time_state_expires_by_the_clock_also_while_the_pipeline_is_down()
    {
        using var test = PipelineTest.For<RecentPipeline>();
        Assert.Equal(101, Send("ann", 1));
        test.AdvanceClock(TimeSpan.FromMinutes(40));
        Assert.Equal(202, Send("ann", 2));
        test.Checkpoint();
        test.AdvanceClock(TimeSpan.FromMinutes(40));

        // The value was written since then; the first entry of the map was not.
        test.CrashAndRestore(2);
        Assert.Equal(302, Send("ann", 3));
        test.Checkpoint();
        test.AdvanceClock(TimeSpan.FromMinutes(61));
        test.CrashAndRestore(1);
        Assert.Equal(0, KeysOf(test));
        Assert.Equal(101, Send("ann", 3));

        int Send(string user, int value)
        {
            test.Send(nameof(RecentPipeline.Clicks), new Click(user, DateTime.UnixEpoch, value));
            return test.Read<Running>(nameof(RecentPipeline.Recent))[^1].Count;
        }
    }

    [Fact]
    public void State_over_all_windows_of_a_key_lives_by_the_ends_of_its_windows()
    {
        using var test = PipelineTest.For<StreaksPipeline>();
        test.Send(
            nameof(StreaksPipeline.Clicks),
            WindowTests.At(1),
            WindowTests.At(11),
            WindowTests.At(21),
            WindowTests.At(75),
            WindowTests.At(300),
            WindowTests.At(301),
            WindowTests.At(400));
        test.Checkpoint();
        test.CrashAndRestore(2);
        test.End(nameof(StreaksPipeline.Clicks));

        // The fourth row is 50 seconds after the third, the fifth four minutes after the fourth, and the sixth more than a minute after
        // that.
        Assert.Equal([101, 201, 301, 401, 102, 101], test.Read<Running>(nameof(StreaksPipeline.Streaks)).Select(streak => streak.Count));
    }

    [Fact]
    public void A_window_sees_the_state_of_its_own_end_however_far_another_split_has_come()
    {
        const string User = "ann";
        using var test = PipelineTest.For<StreaksPipeline>(static options => options.Parallelism = 2, splitsPerSource: 2);
        test.SendTo(nameof(StreaksPipeline.Clicks), 0, WindowTests.At(1), WindowTests.At(11));
        test.SendTo(nameof(StreaksPipeline.Clicks), 1, WindowTests.At(1), WindowTests.At(500), WindowTests.At(501));

        // The slow split makes the windows fire by a row of another subtask; the last row of this subtask came from the fast split.
        var other = Enumerable.Range(0, 100).Select(static number => $"user{number}").First(static user => OwnerOf(user) != OwnerOf(User));
        test.SendTo(nameof(StreaksPipeline.Clicks), 0, WindowTests.At(30, other));
        test.End(nameof(StreaksPipeline.Clicks));
        var streaks = test.Read<Running>(nameof(StreaksPipeline.Streaks));
        Assert.Equal([102, 201, 102], streaks.Where(static streak => streak.User == User).Select(static streak => streak.Count));

        static int OwnerOf(string user) => KeyGroups.OwnerOf(KeyGroups.Of(StableHash.Of(user, StableHash.FixedSecret), 128), 128, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Memory_is_bounded_by_what_lives(int parallelism)
    {
        using var test = PipelineTest.For<ForgetPipeline>(options => options.Parallelism = parallelism);
        var rows = new Command[1_000];
        var highest = 0L;
        var most = 0L;
        const int Keys = 400_000;
        for (var sent = 0; sent < Keys; sent += rows.Length)
        {
            for (var index = 0; index < rows.Length; index++)
            {
                // A thousand keys per second, each of which expires after eight seconds.
                var user = "user" + (sent + index).ToString(CultureInfo.InvariantCulture);
                rows[index] = new Command(
                    user,
                    (Verb)((sent + index) % 2 == 0 ? Verb.Set : Verb.Append),
                    index % 7,
                    1,
                    DateTime.UnixEpoch.AddSeconds(100 + sent / rows.Length));
            }

            test.Send(nameof(ForgetPipeline.Commands), rows);
            test.Read<Content>(nameof(ForgetPipeline.Contents));
            if (sent % 50_000 == 0)
            {
                test.Checkpoint();
            }

            if (sent < Keys / 4)
            {
                (highest, most) = (Math.Max(highest, test.State.Sum(static part => part.Bytes)), Math.Max(most, KeysOf(test)));
            }
        }

        // After all of them, the memory is the same as after the first ones.
        Assert.InRange(KeysOf(test), 1_000, most * 3 / 2);
        Assert.InRange(most, 8_000, 120_000);
        Assert.InRange(test.State.Sum(static part => part.Bytes), 1, highest * 3 / 2);
    }

    [Fact]
    public void A_sweep_looks_at_a_number_of_places_that_depends_on_the_rows_and_not_on_the_table()
    {
        var table = new KeyedTable<LongKey, long>();
        for (var key = 0L; key < 200_000; key++)
        {
            table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key))) = key;
        }

        var looked = new Looks(table);
        table.Sweep(500, ref looked);
        Assert.InRange(looked.Seen, 100, 500);
        for (var batch = 0; batch < 2_000; batch++)
        {
            table.Sweep(500, ref looked);
        }

        // Every other entry has expired, and the sweep has visited all of them by now.
        Assert.Equal(100_000, table.Count);
    }

    [Fact]
    public void The_first_sweep_after_a_restore_is_as_small_as_any_other()
    {
        var table = new KeyedTable<LongKey, long>();
        var list = new ListStore<LongKey, int, Life>(
            null,
            new CollectionMemory(new StateBudget("Test", null).For("Elements"), new StateBudget("Test", null).For("Heads")),
            TableSecret.None,
            new Lifetime(new StateClock("Test", TimeProvider.System, 0), 10_000_000, onRead: false, isProcessing: true));
        for (var key = 0L; key < 50_000; key++)
        {
            table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key))) = key;
            list.Add(new LongKey(key), LongKey.Hash(new LongKey(key))).Life.Expires = long.MaxValue;
        }

        var looked = new Looks(table);
        table.SweepAll(ref looked);
        Assert.Equal(25_000, table.Count);
        list.Link();
        var afterwards = (table.SlotsToSweep(), list.Elements.SlotsToSweep());

        table.GetOrAdd(new LongKey(-1), LongKey.Hash(new LongKey(-1))) = 1;
        Assert.Equal((64, 64, 68, 25_001), (afterwards.Item1, afterwards.Item2, table.SlotsToSweep(), table.Count));
    }

    [Fact]
    public void State_that_was_saved_without_a_deadline_lives_on_as_if_just_written()
    {
        var expires = 0L;
        Expiry.Start(ref expires, Penstock.Time.Watermarks.None, 10);
        var value = 5;
        Assert.Equal(5, Expiry.Touch(ref value, ref expires, 1_000, 10));
        Expiry.Start(ref expires, 1_000, 10);
        Assert.Equal(1_010, expires);
        Assert.Equal(5, Expiry.Touch(ref value, ref expires, 1_009, 10));
        Assert.Equal(0, Expiry.Touch(ref value, ref expires, 1_019, 10));
        Assert.Equal(1_029, expires);

        // An earlier row neither sees less state nor shortens its life. A TTL may be as long as the range of time.
        value = 7;
        Assert.Equal(7, Expiry.Touch(ref value, ref expires, 900, 10));
        Assert.Equal(1_029, expires);
        Assert.True(Expiry.Deadline(1_000, long.MaxValue) > 1_000);
    }

    private static long KeysOf<T>(PipelineTest<T> test)
        where T : class, IPipeline
    {
        // The measured memory is that at the last growth or checkpoint.
        test.Checkpoint();
        return test.State.Sum(memory => memory.Keys);
    }

    private static List<Content> Run(Command[] commands, int parallelism, int batchSize, Random random)
    {
        using var test = PipelineTest.For<ForgetPipeline>(options =>
        {
            options.Parallelism = parallelism;
            options.BatchSize = batchSize;
            options.ChannelCapacity = 2;
        });
        for (var sent = 0; sent < commands.Length;)
        {
            var count = Math.Min(random.Next(1, 12), commands.Length - sent);
            test.Send(nameof(ForgetPipeline.Commands), commands.AsSpan(sent, count));
            sent += count;
            switch (random.Next(6))
            {
                case 0 or 1:
                    test.Checkpoint();
                    break;
                case 2:
                    test.CrashAndRestore(random.Next(1, 5));
                    break;
            }
        }

        test.End(nameof(ForgetPipeline.Commands));
        test.Checkpoint();
        return [.. test.Committed<Content>(nameof(ForgetPipeline.Contents))];
    }

    private static ILookup<string, string> Expected(Command[] commands)
    {
        var users = Users.ToDictionary(user => user, _ => new Living());
        var newest = long.MinValue;
        return commands.Select(command =>
        {
            var time = (command.At - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            var now = newest == long.MinValue ? time : Math.Max(time, Floor(newest - Delay));
            newest = Math.Max(newest, time);
            return (command.User, Text: users[command.User].Apply(command, now));
        }).ToLookup(content => content.User, content => content.Text);

        static long Floor(long time) => time - ((time % Grid) + Grid) % Grid;
    }

    /// <summary>The state of a user, in plain collections with deadlines.</summary>
    private sealed class Living
    {
        private readonly Dictionary<string, (int Value, long Expires)> _map = [];
        private readonly Dictionary<int, long> _read = [];
        private readonly List<int> _list = [];
        private (int Count, long Expires)? _rows;
        private (int Value, long Expires)? _most;
        private long? _listExpires;

        public string Apply(Command command, long now)
        {
            _map.Where(entry => entry.Value.Expires <= now).ToList().ForEach(entry => _map.Remove(entry.Key));
            _read.Where(entry => entry.Value <= now).ToList().ForEach(entry => _read.Remove(entry.Key));
            if (_listExpires <= now || _list.Count == 0)
            {
                _list.Clear();
                _listExpires = null;
            }

            // State that a row has found expired is removed, also for a later row with an earlier time.
            _most = _most?.Expires <= now ? null : _most;

            var item = PlainCollections.Name(command.Item);
            switch (command.Verb)
            {
                case Verb.Set:
                    _map[item] = (command.Value, Later(ExpiresOf(item)));
                    break;
                case Verb.Count:
                    _map[item] = (_map.GetValueOrDefault(item).Value + 1, Later(ExpiresOf(item)));
                    break;
                case Verb.Remove:
                    _map.Remove(item);
                    break;
                case Verb.Append:
                    _list.Add(command.Value);
                    _listExpires = Later(_listExpires);
                    break;
                case Verb.Change when _list.Count > 0:
                    _list[command.Item % _list.Count] += command.Value;
                    _listExpires = Later(_listExpires);
                    break;
                case Verb.RemoveLast when _list.Count > 0:
                    _list.RemoveAt(_list.Count - 1);
                    _listExpires = Later(_listExpires);
                    break;
                case Verb.Reduce:
                    _most = (Math.Max(_most?.Value ?? int.MinValue, command.Value), Later(_most?.Expires));
                    break;
                case Verb.Nest:
                    _read[command.Item] = Later(_read.TryGetValue(command.Item, out var before) ? before : null);
                    break;
                case Verb.RemoveOdd when _read.TryGetValue(command.Item, out var expires):
                    _read[command.Item] = Later(expires);
                    break;
                case Verb.ClearMap:
                    _rows = (_rows is { } rows && rows.Expires > now ? rows.Count + 1 : 1, Later(_rows?.Expires));
                    break;
            }

            var counted = command.Verb == Verb.ClearMap ? _rows!.Value.Count : -1;
            return PlainCollections.Text(
                _map.Select(entry => $"{entry.Key}={entry.Value.Value}"),
                _list,
                _most?.Value,
                [$"{counted}", $"{_read.Count}"]);

            long? ExpiresOf(string key) => _map.TryGetValue(key, out var entry) ? entry.Expires : null;

            // No deadline is the instant 0, as in the guide.
            long Later(long? expires) => Math.Max(expires ?? long.MinValue, now + Ttl == 0 ? 1 : now + Ttl);
        }
    }

    private struct Looks(KeyedTable<LongKey, long> table) : ISweeper<LongKey, long>
    {
        public int Seen { get; private set; }

        public bool IsExpired(in KeyedEntry<LongKey, long> entry)
        {
            Seen++;
            return entry.State % 2 == 0;
        }

        public readonly void Remove(LongKey key) => table.Remove(key, LongKey.Hash(key), isSaved: false);
    }
}
