using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>Runs a pipeline again and again over the same input, with crashes, and compares what it commits with what it commits without any.</summary>
/// <param name="definition">The pipeline.</param>
/// <param name="configure">Sets its options.</param>
/// <param name="services">The services of its operators.</param>
/// <param name="splits">How many splits each source has.</param>
/// <param name="input">What is sent.</param>
[RequiresUnreferencedCode("Rows are compared by their public members.")]
internal sealed partial class CrashExplorer(PipelineDefinition definition, Action<PipelineOptions>? configure, IServiceProvider services, int splits, CrashInput input)
{
    private const int MostCrashes = 3;

    private readonly Dictionary<string, int> _crashes = [];
    private long _steps;

    public CrashReport Explore(int seeds)
    {
        var undisturbed = new CrashStory(input.Count, 0, []);
        var (expected, kinds) = Run(undisturbed, null);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var story = new CrashStory(input.Count, seed, ChooseCrashes(kinds, new Random(seed)));
            if (DifferenceOf(story, expected) is { } difference)
            {
                throw new CrashDifferenceException(Tell(story, difference));
            }
        }

        return new CrashReport(seeds, _steps, _crashes);
    }

    // Steps that were crashed at least often so far come first; which of them, and how many crashes, the seed decides.
    private List<CrashPoint> ChooseCrashes(Dictionary<string, int> kinds, Random random)
    {
        var points = new List<CrashPoint>();
        for (var crash = random.Next(MostCrashes); crash >= 0; crash--)
        {
            var least = kinds.Keys.Min(kind => _crashes.GetValueOrDefault(kind));
            List<string> candidates = [.. kinds.Keys.Where(kind => _crashes.GetValueOrDefault(kind) == least).Order(StringComparer.Ordinal)];
            var chosen = points.Count == 0 ? candidates[random.Next(candidates.Count)] : kinds.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(kinds.Count));
            points.Add(new CrashPoint(chosen, random.Next(1, kinds[chosen] + 1), random.Next(2) == 0));
        }

        return points;
    }

    private string? DifferenceOf(CrashStory story, Dictionary<string, List<string>> expected)
    {
        try
        {
            return CommittedRows.Difference(expected, Run(story, null).Committed);
        }
        catch (Exception error)
        {
            return $"The pipeline failed: {error.Message}";
        }
    }

    // Fewer crashes and less input, as long as there is a difference. Less input has other results, undisturbed ones, too.
    private string Tell(CrashStory story, string difference)
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
            events.Add($"the pipeline fails: {error.Message}");
        }

        return $"Seed {story.Seed}: after a crash the pipeline has not committed what it commits without one. {difference}\n"
            + $"The shortest story: of {input.Count} inputs the first {shortest.Inputs} are sent.\n" + string.Join('\n', events);

        void Shorten(CrashStory shorter)
        {
            if (DifferenceOf(shorter, Run(shorter with { Seed = 0, Crashes = [] }, null).Committed) is { } found)
            {
                (shortest, difference) = (shorter, found);
            }
        }
    }

    private (Dictionary<string, List<string>> Committed, Dictionary<string, int> Kinds) Run(CrashStory story, List<string>? events)
    {
        var kinds = new Dictionary<string, int>();
        SimulatedJob? job = null;
        var connectors = new TestConnectors(splits)
        {
            Created = (id, source) => input.SendTo(id, source, story.Inputs),
            Happens = what => job!.Process?.Happens(what),
        };
        job = new SimulatedJob(definition, story.Seed, Configure)
        {
            Connectors = connectors,
            Services = services,
            Observe = what => kinds[KindOf(what)] = kinds.GetValueOrDefault(KindOf(what)) + 1,
        };
        using var telling = new CrashStoryWriter(job, events);
        foreach (var point in story.Crashes)
        {
            var seen = 0;
            telling.Begins();
            var end = job.RunProcess(new ProcessFate(Crashes, IsPowerCut: point.IsPowerCut));
            telling.Ends(end);
            if (end != ProcessEnd.Crashed)
            {
                break;
            }

            _crashes[point.Kind] = _crashes.GetValueOrDefault(point.Kind) + 1;

            bool Crashes(long number, string what) => KindOf(what) == point.Kind && ++seen == point.Occurrence;
        }

        telling.Begins();
        telling.Ends(job.RunProcess(default));
        _steps += job.Steps;
        return (CommittedRows.Of(connectors), kinds);
    }

    private void Configure(PipelineOptions options, Random random)
    {
        configure?.Invoke(options);
        options.Parallelism = random.Next(1, 4);
        options.Checkpoints.Path = "/checkpoints";
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(random.Next(1, 10));

        // Small ones, so that checkpoints come between the rows of a test.
        options.BatchSize = random.Next(1, 8);
    }

    // Names of files and ids of checkpoints differ from run to run.
    private static string KindOf(string what) => Numbers().Replace(what, "#");

    [GeneratedRegex("[0-9a-f]{8,}|[0-9]+")]
    private static partial Regex Numbers();
}

/// <summary>One run: its input, its seed and its crashes.</summary>
/// <param name="Inputs">How much of the input is sent.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Crashes">Where its processes crash, one after the other.</param>
internal sealed record CrashStory(int Inputs, int Seed, IReadOnlyList<CrashPoint> Crashes);

/// <summary>Where a process crashes.</summary>
/// <param name="Kind">Before which kind of step.</param>
/// <param name="Occurrence">Before which of these steps, from 1.</param>
/// <param name="IsPowerCut">Whether what was not synced is gone.</param>
internal readonly record struct CrashPoint(string Kind, int Occurrence, bool IsPowerCut);
