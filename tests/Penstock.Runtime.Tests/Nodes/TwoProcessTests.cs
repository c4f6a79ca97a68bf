using System.Diagnostics;
using System.Globalization;
using System.Text;
using Penstock.Runtime.Tests.Testing.Simulation;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>
/// A job on two processes that are connected by TCP on loopback, each of which is killed repeatedly: the committed output is that of plain
/// loops.
/// </summary>
public sealed class TwoProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int Files = 5;
    private const int RidesPerFile = 8_000;
    private const long Second = RideFiles.Second;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-nodes-").FullName;
    private readonly List<Ride> _rides = [];

    // Each node has one or two subtasks of a task.
    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public async Task Whichever_of_them_is_killed_nothing_is_lost_or_doubled(int parallelism, int seed)
    {
        var random = new Random(seed);
        Write(random);

        // First one after the other, and then in any order.
        int[] victims = [0, 1, .. Enumerable.Range(0, Thoroughness.Times(8, brief: 3)).Select(_ => random.Next(100) % 2)];
        var kills = 0;
        var since = Stopwatch.StartNew();
        var nodes = new[] { Start("first", parallelism), Start("second", parallelism) };
        try
        {
            var finished = await HasFinishedAsync(nodes[0], TimeSpan.FromMilliseconds(1500));
            while (!finished)
            {
                Assert.True(since.Elapsed < Timeout, "The job does not come to its end.");
                if (kills < victims.Length)
                {
                    var victim = victims[kills++];
                    nodes[victim].Kill();
                    await nodes[victim].WaitForExitAsync();
                    nodes[victim].Dispose();
                    nodes[victim] = Start(victim == 0 ? "first" : "second", parallelism);
                }

                finished = await HasFinishedAsync(nodes[0], TimeSpan.FromMilliseconds(random.Next(100, 1500)));
            }

            output.WriteLine($"{kills} kills in {since.Elapsed}; then {await nodes[0].StandardOutput.ReadToEndAsync()}");
            Assert.Equal(0, nodes[0].ExitCode);
            Assert.InRange(kills, 4, victims.Length);
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Kill();
                await node.WaitForExitAsync();
                node.Dispose();
            }
        }

        Assert.Equal(Totals(), Lines("totals"));
        Assert.Equal(Counts(), Lines("counts"));
        Assert.Equal(LateAccount.Spread(Counts()).Order(StringComparer.Ordinal), Lines("spread"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<bool> HasFinishedAsync(Process first, TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within);
        try
        {
            await first.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Process Start(string node, int parallelism) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(TwoProcessTests).Assembly.Location, NodeProcess.Argument, node, _folder, Text($"{parallelism}")])
    { RedirectStandardOutput = true })!;

    // All rides of a user are in one file, so that the order of the totals is that of the file. The times span a week: with a delay of an
    // hour windows fire while the job runs, and no ride is late.
    private void Write(Random random)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        for (var file = 0; file < Files; file++)
        {
            var text = new StringBuilder("User,At,Amount\n");
            for (var number = 0; number < RidesPerFile; number++)
            {
                var ride = new Ride(
                    Text($"{file}-{random.Next(40)}"),
                    RideFiles.Start + number * 7 * 86_400L / RidesPerFile * Second + random.NextInt64(60 * Second),
                    random.Next(1, 100));
                _rides.Add(ride);
                text.Append(Text($"{ride.User},{ride.At},{ride.Amount}\n"));
            }

            File.WriteAllText(Path.Combine(_folder, "in", Text($"rides-{file}.csv")), text.ToString());
        }
    }

    private List<string> Totals()
    {
        var (users, totals) = (new Dictionary<string, (int Rides, long Amount)>(), new List<string>());
        foreach (var ride in _rides)
        {
            var (rides, amount) = users.GetValueOrDefault(ride.User);
            users[ride.User] = (rides + 1, amount + ride.Amount);
            totals.Add(Text($"{ride.User},{rides + 1},{amount + ride.Amount}"));
        }

        return [.. totals.Order(StringComparer.Ordinal)];
    }

    private List<string> Counts()
    {
        var windows = new Dictionary<(string User, long Start), (int Count, long Sum)>();
        foreach (var ride in _rides)
        {
            var window = (ride.User, ride.At / (10 * Second) * 10);
            var (count, sum) = windows.GetValueOrDefault(window);
            windows[window] = (count + 1, sum + ride.Amount);
        }

        return [.. windows
            .Select(static window => Text($"{window.Key.User},{window.Key.Start},{window.Value.Count},{window.Value.Sum}"))
            .Order(StringComparer.Ordinal)];
    }

    private List<string> Lines(string name) =>
        [.. Directory.GetFiles(Path.Combine(_folder, "out"), $"{name}-*.csv")
            .SelectMany(static file => File.ReadLines(file).Skip(1))
            .Order(StringComparer.Ordinal)];
}
