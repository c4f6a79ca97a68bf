using System.Globalization;
using Penstock.Checkpoints;
using Penstock.Tasks;

namespace Penstock.Hosting;

/// <summary>
/// Adds up the rows read by the sources of a pipeline: the counts in the checkpoint that an attempt started from, plus those of the attempt
/// itself, on this node and on others.
/// </summary>
internal static class SourceRowCounts
{
    public static IReadOnlyList<SourceStatus> Of(
        PipelinePlan plan,
        IReadOnlyDictionary<string, TaskCounters> before,
        ExecutionGraph? graph,
        SourceWatch? watch)
    {
        var counts = plan.Tasks.ToDictionary(
            static task => task.Id,
            task => TaskCounters.Of(SumOf(task, graph)) + (before.GetValueOrDefault(task.Id) ?? TaskCounters.None));
        var sources = new PlanSources(plan);
        return
        [
            .. plan.Sources.Select(source =>
            {
                var own = counts[source.Id];
                var late = plan.Tasks
                    .Where(task => sources.Of(task.Id) is [var only] && only == source.Id)
                    .Sum(task => counts[task.Id].Late);
                return new SourceStatus(source.Id, own.RowsIn + own.Bad + own.Untimed, own.RowsIn, own.Bad, late)
                {
                    RowsUntimed = own.Untimed,
                    RowsOutOfOrder = own.OutOfOrder,
                    Watermark = watch?.WatermarkOf(source.Id),
                    SlowestSplit = watch?.SlowestOf(source.Id),
                    IsPaused = watch?.IsPaused(source.Id) == true,
                    StalledSplits = watch?.StalledSplits(source.Id) ?? [],
                };
            }),
        ];
    }

    /// <summary>Returns the counts as text for the log.</summary>
    public static string Describe(PipelineStatus status)
    {
        var texts = status.Sources.Select(static source => string.Create(
            CultureInfo.InvariantCulture,
            $"Source '{source.Id}': {source.RowsRead} rows read = {source.RowsEmitted} emitted + {source.RowsBad} bad{Untimed(source)}; {source.RowsLate} of them late."));
        var together = status.Late - status.Sources.Sum(static source => source.RowsLate);
        return string.Join(
            " ",
            together == 0
                ? texts
                : texts.Append(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Rows late in streams with rows of several sources: {together}.")));
    }

    private static string Untimed(SourceStatus source) =>
        source.RowsUntimed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" + {source.RowsUntimed} without event time");

    private static SubtaskCounters SumOf(PlanTask task, ExecutionGraph? graph)
    {
        var sum = new SubtaskCounters();
        foreach (var subtask in graph?.SubtasksOf(task.Id) ?? [])
        {
            sum.Add(subtask.Counters);
        }

        return sum;
    }
}
