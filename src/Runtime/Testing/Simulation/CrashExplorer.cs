using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// Runs a pipeline repeatedly over the same input with crashes, and compares its committed output with that of a run without crashes.
/// </summary>
/// <param name="definition">The pipeline.</param>
/// <param name="configure">Sets its options.</param>
/// <param name="services">The services of its operators.</param>
/// <param name="splits">The number of splits of each source.</param>
/// <param name="input">The input.</param>
/// <param name="maxSteps">The number of steps after which a run counts as one without an end; null for one that suits the input.</param>
[RequiresUnreferencedCode("Rows are compared by their public members.")]
internal sealed partial class CrashExplorer(
    PipelineDefinition definition,
    Action<PipelineOptions>? configure,
    IServiceProvider services,
    int splits,
    CrashInput input,
    long? maxSteps)
{
    private const int MaxFurtherCrashes = 2;
    private const int MaxParallelism = 3;

    // Matches a step of any kind.
    private const string AnyKind = "";

    private readonly Dictionary<string, int> _crashes = [];
    private long _steps;

    public CrashReport Explore(int firstSeed, int seeds)
    {
        var undisturbed = Run(new CrashStory(input.Count, 0, []), null);
        if (undisturbed.Committed.Values.All(static rows => rows.Count == 0))
        {
            throw new ArgumentException(
                "Without crashes the pipeline commits no row, so that there is nothing to compare. Send rows that reach a sink.");
        }

        // Some kinds of step occur only after a restart.
        var restarted = Run(
            new CrashStory(input.Count, 0, [new CrashPoint(AnyKind, Math.Max(1, undisturbed.Processes[0].Values.Sum() * 3 / 4), false)]),
            null);
        var first = undisturbed.Processes[0];
        var later = restarted.Processes[^1].Where(kind => !first.ContainsKey(kind.Key)).ToDictionary();
        _crashes.Clear();
        _steps = 0;
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var random = new Random(seed);
            var points = ChooseCrashes(first, later, seed, random);
            var story = new CrashStory(input.Count, random.Next(), points);
            if (DifferenceOf(ref story, undisturbed.Committed) is { } difference)
            {
                throw new CrashDifferenceException(DescribeDifference(seed, story, difference));
            }
        }

        return new CrashReport(seeds, _steps, _crashes);
    }

    // Takes the kinds of step in turn. The seed selects the occurrence, and decides whether there are further crashes.
    private static List<CrashPoint> ChooseCrashes(Dictionary<string, int> first, Dictionary<string, int> later, int seed, Random random)
    {
        List<KeyValuePair<string, int>> kinds = [
            .. first.OrderBy(static kind => kind.Key, StringComparer.Ordinal),
            .. later.OrderBy(static kind => kind.Key, StringComparer.Ordinal)
        ];
        var turn = (seed - 1) % kinds.Count;
        var points = new List<CrashPoint>();
        if (turn >= first.Count)
        {
            points.Add(Point(kinds[random.Next(first.Count)]));
        }

        points.Add(Point(kinds[turn]));
        for (var further = random.Next(MaxFurtherCrashes + 1); further > 0; further--)
        {
            points.Add(Point(kinds[random.Next(kinds.Count)]));
        }

        return points;

        CrashPoint Point(KeyValuePair<string, int> kind) => new(kind.Key, random.Next(1, kind.Value + 1), random.Next(2) == 0);
    }

    // At another parallelism a step may occur less often. The crash then happens at another step, because each story must have one.
    private Difference? DifferenceOf(ref CrashStory story, Dictionary<string, List<string>> expected)
    {
        try
        {
            var run = Run(story, null);
            if (run.Processes.Count == 1)
            {
                var events = run.Processes[0].Values.Sum();
                story = story with
                {
                    Crashes = [new CrashPoint(AnyKind, new Random(story.Seed).Next(1, events + 1), story.Crashes[0].IsPowerCut)]
                };
                run = Run(story, null);
            }

            return CommittedRows.Difference(expected, run.Committed) is { } rows ? new Difference(HasFailed: false, rows) : null;
        }
        catch (Exception error)
        {
            return new Difference(HasFailed: true, $"The pipeline failed: {error.Message}");
        }
    }

    // Removes crashes and input as long as there is a difference. With less input, the result without crashes is computed again.
    private string DescribeDifference(int seed, CrashStory story, Difference difference)
    {
        var shortest = story;
        for (var crash = story.Crashes.Count - 1; crash >= 0 && shortest.Crashes.Count > 1; crash--)
        {
            List<CrashPoint> fewer = [.. shortest.Crashes];
            fewer.RemoveAt(crash);
            Shorten(shortest with { Crashes = fewer });
        }

        for (var count = 1; count < shortest.Inputs; count += Math.Max(1, count / 2))
        {
            Shorten(shortest with { Inputs = count });
        }

        var events = new List<string>();
        try
        {
            Run(shortest, events);
        }
        catch (Exception error)
        {
            events.Add($"The pipeline fails: {error.Message}");
        }

        return $"Seed {seed}: after a crash the pipeline has not committed what it commits without one. {difference.Text}\n"
            + $"The shortest story: of {input.Count} inputs the first {shortest.Inputs} are sent.\n" + string.Join('\n', events);

        void Shorten(CrashStory shorter)
        {
            Dictionary<string, List<string>> undisturbed;
            try
            {
                undisturbed = Run(shorter with { Seed = 0, Crashes = [] }, null).Committed;
            }
            catch (Exception)
            {
                // This input shows another problem: the pipeline fails or does not end even without crashes.
                return;
            }

            if (DifferenceOf(ref shorter, undisturbed) is { } found && found.HasFailed == difference.HasFailed)
            {
                (shortest, difference) = (shorter, found);
            }
        }
    }

    private CrashRun Run(CrashStory story, List<string>? events)
    {
        List<Dictionary<string, int>> processes = [];
        SimulatedJob? job = null;
        var connectors = new TestConnectors(splits)
        {
            Created = (id, source) => input.SendTo(id, source, story.Inputs),
            Happens = what => job!.Process?.Happens(what),
        };
        var parallelism = 0;
        job = new SimulatedJob(definition, story.Seed, Configure)
        {
            Connectors = connectors,
            Services = services,
            MaxSteps = maxSteps ?? 200_000 + 2_000L * input.Count,
            Observe = what => processes[^1][KindOf(what)] = processes[^1].GetValueOrDefault(KindOf(what)) + 1,
        };
        using var writer = new CrashTraceWriter(job, events);
        var end = ProcessEnd.Crashed;
        foreach (var point in story.Crashes)
        {
            var seen = 0;
            string? before = null;
            end = RunProcess(new PlannedFaults(Crashes, IsPowerCut: point.IsPowerCut));
            if (before == null)
            {
                break;
            }

            _crashes[before] = _crashes.GetValueOrDefault(before) + 1;

            bool Crashes(long number, string what)
            {
                if ((point.Kind != AnyKind && KindOf(what) != point.Kind) || ++seen != point.Occurrence)
                {
                    return false;
                }

                before = KindOf(what);
                return true;
            }
        }

        if (end != ProcessEnd.Finished)
        {
            RunProcess(default);
        }

        _steps += job.Steps;
        return new CrashRun(CommittedRows.Of(connectors, definition.Plan), processes);

        ProcessEnd RunProcess(PlannedFaults faults)
        {
            processes.Add([]);
            writer.WriteStart();
            var ended = job.RunProcess(faults);
            writer.WriteEnd(ended);
            return ended;
        }

        void Configure(PipelineOptions options, Random random)
        {
            configure?.Invoke(options);

            // A different parallelism from that of the previous process.
            parallelism = parallelism == 0
                ? random.Next(1, MaxParallelism + 1)
                : (parallelism + random.Next(MaxParallelism - 1)) % MaxParallelism + 1;
            options.Parallelism = parallelism;
            options.Checkpoints.Path = "/checkpoints";
            options.Checkpoints.Interval = TimeSpan.FromMilliseconds(random.Next(1, 10));

            // Small batches, so that checkpoints occur between the rows of a test.
            options.BatchSize = random.Next(1, 8);
        }
    }

    // Removes the numbers of subtasks, checkpoints and files, which differ from run to run. Numbers in stream names are kept: A1 and A2 are
    // different kinds.
    private static string KindOf(string what) => Numbers().Replace(what, "#");

    [GeneratedRegex("(?<=^subtask )[0-9]+|(?<= checkpoint )[0-9]+(?= of )|(?<=^[a-z ]+ /.*)(?:[0-9a-f]{8,}|[0-9]+)")]
    private static partial Regex Numbers();

    /// <summary>A difference after crashes.</summary>
    /// <param name="HasFailed"><c>true</c> if the pipeline has failed; <c>false</c> if it has committed other rows.</param>
    /// <param name="Text">The description of the difference.</param>
    private sealed record Difference(bool HasFailed, string Text);

    /// <summary>The result of a run.</summary>
    /// <param name="Committed">The committed rows, by stream.</param>
    /// <param name="Processes">The number of steps of each kind, for each process.</param>
    private sealed record CrashRun(Dictionary<string, List<string>> Committed, List<Dictionary<string, int>> Processes);
}

/// <summary>One run: its input, its seed and its crashes.</summary>
/// <param name="Inputs">The number of input items that are sent.</param>
/// <param name="Seed">The seed for the order of steps and for the options.</param>
/// <param name="Crashes">The crash point of each process, in order.</param>
internal sealed record CrashStory(int Inputs, int Seed, IReadOnlyList<CrashPoint> Crashes);

/// <summary>The point at which a process crashes.</summary>
/// <param name="Kind">The kind of step before which it crashes.</param>
/// <param name="Occurrence">The occurrence of that kind, from 1.</param>
/// <param name="IsPowerCut"><c>true</c> if unsynced data is lost.</param>
internal readonly record struct CrashPoint(string Kind, int Occurrence, bool IsPowerCut);
