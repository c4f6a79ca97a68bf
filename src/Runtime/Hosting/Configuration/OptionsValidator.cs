using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Hosting;

/// <summary>Validates options at start. Values from configuration get the same checks that the compiler applies to attributes.</summary>
internal static class OptionsValidator
{
    private const int MaxBatchSize = 65_536;
    private const int MaxChannelCapacity = 1024;
    private const int MaxConcurrency = 65_536;

    public static void Validate(PipelineOptions options, PipelinePlan plan, List<string> problems)
    {
        Require(options.KeyGroups is >= 1 and <= KeyGroups.Max, "KeyGroups", $"is {options.KeyGroups}; 1 to {KeyGroups.Max} are possible.");
        Require(
            options.Parallelism is null || IsWithin(options.Parallelism, KeyGroups.Max),
            "Parallelism",
            $"is {options.Parallelism}; 1 to {KeyGroups.Max} are possible.");
        Require(options.BatchSize is >= 1 and <= MaxBatchSize, "BatchSize", $"is {options.BatchSize}; 1 to {MaxBatchSize} are possible.");
        Require(
            options.ChannelCapacity is >= 2 and <= MaxChannelCapacity,
            "ChannelCapacity",
            $"is {options.ChannelCapacity}; 2 to {MaxChannelCapacity} are possible.");
        Require(options.StateLimit is null or >= 1, "StateLimit", "must be at least 1B; leave it out for no limit.");
        Require(options.MaxDrift is null || options.MaxDrift >= TimeSpan.Zero, "MaxDrift", "is negative.");
        Require(options.FlushInterval >= TimeSpan.Zero, "FlushInterval", "is negative.");
        Require(options.ShutdownTimeout > TimeSpan.Zero, "ShutdownTimeout", "must be longer than 0.");
        Require(options.Checkpoints.Interval >= TimeSpan.FromMilliseconds(1), "Checkpoints:Interval", "must be at least 1ms.");
        Require(options.Checkpoints.MinimumPause >= TimeSpan.Zero, "Checkpoints:MinimumPause", "is negative.");
        Require(options.Checkpoints.Timeout > TimeSpan.Zero, "Checkpoints:Timeout", "must be longer than 0.");
        Require(options.Checkpoints.ToleratedFailures >= 0, "Checkpoints:ToleratedFailures", "is negative.");
        Require(options.Checkpoints.Retain >= 1, "Checkpoints:Retain", "must be at least 1.");
        Require(!IsBlank(options.Checkpoints.Path), "Checkpoints:Path", "is empty; leave it out to keep checkpoints in memory.");
        Require(!IsBlank(options.Savepoints.Path), "Savepoints:Path", "is empty; leave it out, or name a folder.");
        Require(
            !IsBlank(options.Savepoints.StartFrom),
            "Savepoints:StartFrom",
            "is empty; leave it out, or name the place of a savepoint.");
        Require(options.Restart.Delay >= TimeSpan.Zero, "Restart:Delay", "is negative.");
        Require(options.Restart.MaxDelay >= options.Restart.Delay, "Restart:MaxDelay", "is shorter than Restart:Delay.");
        Require(options.Restart.Jitter is >= 0 and <= 1, "Restart:Jitter", $"is {options.Restart.Jitter}; 0 to 1 are possible.");
        Require(options.Restart.MaxAttempts >= 0, "Restart:MaxAttempts", "is negative.");
        Require(options.Restart.MaxFailuresPerRow >= 0, "Restart:MaxFailuresPerRow", "is negative.");
        Require(options.Health.FailingAfter >= TimeSpan.Zero, "Health:FailingAfter", "is negative.");
        Require(options.Health.MissedCheckpoints >= 0, "Health:MissedCheckpoints", "is negative.");

        ValidateStreams(options, plan, problems);
        var sources = plan.Nodes
            .Where(node => node.Kind == PlanNodeKind.Source)
            .ToDictionary(node => node.Id, StringComparer.OrdinalIgnoreCase);
        foreach (var (id, source) in options.Sources)
        {
            var known = sources.TryGetValue(id, out var node);
            Require(known, $"Sources:{id}", $"is not read: the pipeline has no source '{id}'; it has {Names(sources.Keys)}.");
            Require(source.MaxDelay is null || source.MaxDelay >= TimeSpan.Zero, $"Sources:{id}:MaxDelay", "is negative.");
            Require(
                source.MaxDelay is null || !known || node!.Time != null,
                $"Sources:{id}:MaxDelay",
                "is set, but the stream has no event time. Put [EventTime] on it.");
            Require(source.Idle is null || source.Idle >= TimeSpan.Zero, $"Sources:{id}:Idle", "is negative.");
            Require(source.SplitSize is null or >= 1, $"Sources:{id}:SplitSize", "must be at least 1B.");
            Require(
                source.Poll is null || (source.Poll >= TimeSpan.FromMilliseconds(1) && source.Poll <= TimeSpan.FromDays(1)),
                $"Sources:{id}:Poll",
                "must be from 1ms to 1d.");
            Require(source.SkipFiles?.Any(IsBlank) != true, $"Sources:{id}:SkipFiles", "has an empty path.");
            Require(
                source.SkipFiles?.Any(static path => path.Contains('\0', StringComparison.Ordinal)) != true,
                $"Sources:{id}:SkipFiles",
                "has a path with a null character.");
            Require(source.Rate is null or > 0, $"Sources:{id}:Rate", "must be more than 0.");
            Require(
                source.OnBadRow != BadRowPolicy.SideOutput
                    || !known
                    || plan.Nodes.Any(other => other.Kind == PlanNodeKind.SideOutput && other.Inputs.Contains(node!.Id)),
                $"Sources:{id}:OnBadRow",
                $"is SideOutput, but no stream of the pipeline takes the bad rows of '{node?.Id}': add a Stream<BadRow> with "
                    + $"[SideOutput(nameof({node?.Id}), SideOutputs.BadRows)], or set Skip or Fail.");
            Require(!IsBlank(source.Path), $"Sources:{id}:Path", "is empty.");
            foreach (var option in node is { Files: null } ? OfFiles(source, hasPath: !node.HasOwnOptions) : [])
            {
                Require(
                    false,
                    $"Sources:{id}:{option}",
                    $"is set, but '{node!.Id}' reads no files, so it would have no effect. Remove it: where the source reads is said by "
                        + $"its attribute or class.");
            }

            Require(
                ConfiguredFormat.FindProblem(source.Path, node) == null,
                $"Sources:{id}:Path",
                $"{ConfiguredFormat.FindProblem(source.Path, node)}");
        }

        var sinks = plan.Nodes.Where(node => node.Kind == PlanNodeKind.Sink)
            .SelectMany(node => node.Inputs.Append(node.Id))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, sink) in options.Sinks)
        {
            Require(sinks.Contains(id), $"Sinks:{id}", $"is not read: the pipeline has no sink '{id}'; it has {Names(sinks)}.");
            Require(sink.RollSize is null or >= 1, $"Sinks:{id}:RollSize", "must be at least 1B.");
            Require(!IsBlank(sink.Path), $"Sinks:{id}:Path", "is empty.");
            var ofStream = plan.Nodes
                .Where(node => node.Kind == PlanNodeKind.Sink && node.Inputs.Contains(id, StringComparer.OrdinalIgnoreCase))
                .Select(node => node.Id)
                .ToList();
            Require(
                sink.Path == null || ofStream.Count < 2,
                $"Sinks:{id}:Path",
                $"would give {ofStream.Count} sinks one path; configure each by its own id: {Names(ofStream)}.");
            var written = plan.Nodes
                .Where(node => node.Kind == PlanNodeKind.Sink
                    && (string.Equals(node.Id, id, StringComparison.OrdinalIgnoreCase)
                        || node.Inputs.Contains(id, StringComparer.OrdinalIgnoreCase)))
                .ToList();

            // Of several sinks of a stream, those that write files take the options.
            var takesNone = written.Count > 0 && written.TrueForAll(static node => node.Files == null);
            foreach (var option in takesNone ? OfFiles(sink, hasPath: !written.Exists(static node => node.HasOwnOptions)) : [])
            {
                Require(
                    false,
                    $"Sinks:{id}:{option}",
                    $"is set, but '{written[0].Id}' writes no files, so it would have no effect. Remove it: where the sink writes is said "
                        + $"by its attribute or class.");
            }

            Require(
                ConfiguredFormat.FindProblem(sink.Path, written.FirstOrDefault()) == null,
                $"Sinks:{id}:Path",
                $"{ConfiguredFormat.FindProblem(sink.Path, written.FirstOrDefault())}");
        }

        void Require(bool condition, string key, string problem)
        {
            if (!condition)
            {
                problems.Add($"{options.Keys.Of(key)} {problem}");
            }
        }
    }

    // The options that are set and apply to files only. A path may be an option of a connector of messages, which then checks it.
    private static IEnumerable<string> OfFiles(SourceOptions source, bool hasPath)
    {
        (string Name, bool IsSet)[] options =
        [
            ("Path", hasPath && source.Path != null),
            ("SplitSize", source.SplitSize != null),
            ("MultiLine", source.MultiLine != null),
            ("Poll", source.Poll != null),
            ("SkipFiles", source.SkipFiles != null),
        ];
        return options.Where(static option => option.IsSet).Select(static option => option.Name);
    }

    private static IEnumerable<string> OfFiles(SinkOptions sink, bool hasPath)
    {
        (string Name, bool IsSet)[] options = [("Path", hasPath && sink.Path != null), ("RollSize", sink.RollSize != null)];
        return options.Where(static option => option.IsSet).Select(static option => option.Name);
    }

    private static void ValidateStreams(PipelineOptions options, PipelinePlan plan, List<string> problems)
    {
        foreach (var (id, stream) in options.Streams)
        {
            if (plan.Tasks.FirstOrDefault(task => task.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is not { } task)
            {
                problems.Add($"{options.Keys.Of($"Streams:{id}:Parallelism")} {DescribeMissingTask(plan, id)}");
            }
            else
            {
                ValidateCalls(options, task, stream, problems);
            }
        }

        var parallelism = new TaskParallelism(plan, options);
        foreach (var task in plan.Tasks)
        {
            var isKeyed = plan.Nodes.FirstOrDefault(node => node.Id == task.Id)?.Key != null;
            var most = isKeyed ? options.KeyGroups : KeyGroups.Max;
            if (IsWithin(parallelism.Of(task.Id), most))
            {
                continue;
            }

            var possible = isKeyed ? $"1 to KeyGroups ({most}) are possible, since '{task.Id}' is keyed." : $"1 to {most} are possible.";
            if (options.Streams.GetValueOrDefault(task.Id)?.Parallelism is { } configured)
            {
                problems.Add($"{options.Keys.Of($"Streams:{task.Id}:Parallelism")} is {configured}; {possible}");
            }
            else if (task.Parallelism is { } own)
            {
                problems.Add(
                    $"[Parallelism({own})] of stream '{task.Id}': {possible} Lower it, or set Streams:{task.Id}:Parallelism{(isKeyed ? " or KeyGroups" : "")}.");
            }
            else if (options.Parallelism == null)
            {
                problems.Add(
                    $"[Pipeline(Parallelism = "
                        + $"{plan.Parallelism})]: {possible} Lower it, or set Parallelism{(isKeyed ? " or KeyGroups" : "")}.");
            }
            else if (IsWithin(options.Parallelism, KeyGroups.Max))
            {
                // A value that is impossible for every task was reported before.
                problems.Add(
                    $"{options.Keys.Of("Parallelism")} is {options.Parallelism}; {possible} Lower it, or set Streams:{task.Id}:Parallelism or KeyGroups.");
            }
        }
    }

    // The options of [AsyncMap].
    private static void ValidateCalls(PipelineOptions options, PlanTask task, StreamOptions stream, List<string> problems)
    {
        Check(
            nameof(stream.Concurrency),
            stream.Concurrency,
            stream.Concurrency is >= 1 and <= MaxConcurrency,
            $"is {stream.Concurrency}; 1 to {MaxConcurrency} are possible.");
        Check(nameof(stream.Timeout), stream.Timeout, stream.Timeout > TimeSpan.Zero, "must be longer than 0.");
        Check(nameof(stream.Rate), stream.Rate, stream.Rate > 0, "must be more than 0.");

        void Check(string option, object? value, bool isPossible, string problem)
        {
            if (value != null && !(task.IsAsync && isPossible))
            {
                problems.Add($"{options.Keys.Of($"Streams:{task.Id}:{option}")} " + (task.IsAsync
                    ? problem
                    : $"is set, but '{task.Id}' has no [AsyncMap] method, so it would have no effect. Remove it."));
            }
        }
    }

    private static string DescribeMissingTask(PipelinePlan plan, string id) =>
        plan.Tasks.FirstOrDefault(task => task.Nodes.Contains(id, StringComparer.OrdinalIgnoreCase)) is { } task
            ? $"is set, but '{id}' runs in the task of stream '{task.Id}': set Streams:{task.Id}:Parallelism, or put [Parallelism] on "
                + $"'{id}', with which it begins a task."
            : $"is not read: the pipeline has no stream '{id}'; tasks begin with {Names(plan.Tasks.Select(static task => task.Id))}.";

    private static bool IsWithin(int? parallelism, int most) => parallelism >= 1 && parallelism <= most;

    private static bool IsBlank(string? text) => text != null && string.IsNullOrWhiteSpace(text);

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
