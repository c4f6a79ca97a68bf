using System.Globalization;
using Penstock.Checkpoints;
using Penstock.Tasks;

namespace Penstock.Hosting;

/// <summary>Adds up what the sources of a pipeline have read: what the checkpoint that an attempt began with counted, and the attempt itself.</summary>
internal static class SourceAccounts
{
    public static IReadOnlyList<SourceStatus> Of(PipelinePlan plan, IReadOnlyDictionary<string, TaskCounters> before, PipelineGraph? graph, SourceWatch? watch)
    {
        var counts = plan.Tasks.ToDictionary(
            static task => task.Id,
            task => SumOf(task, graph).After(before.GetValueOrDefault(task.Id)));
        return
        [
            .. plan.Tasks.Where(static task => task.Input == null).Select(source =>
            {
                var own = counts[source.Id];
                var late = plan.Tasks.Where(task => SourceOf(plan, task) == source.Id).Sum(task => counts[task.Id].Late);
                return new SourceStatus(source.Id, own.RowsIn + own.Bad, own.RowsIn, own.Bad, late)
                {
                    Watermark = watch?.WatermarkOf(source.Id),
                    HeldBackBy = watch?.HeldBackBy(source.Id) ?? [],
                };
            }),
        ];
    }

    /// <summary>The counts in words, for the log.</summary>
    public static string Describe(IEnumerable<SourceStatus> sources) => string.Join(" ", sources.Select(static source => string.Create(
        CultureInfo.InvariantCulture,
        $"Source '{source.Id}': {source.RowsRead} rows read = {source.RowsHandedOn} handed on + {source.RowsBad} bad; {source.RowsLate} were late.")));

    private static SubtaskCounters SumOf(PlanTask task, PipelineGraph? graph)
    {
        var sum = new SubtaskCounters();
        for (var index = 0; index < graph?.Parallelism; index++)
        {
            sum.Add(graph.SubtaskOf(task.Id, index).Counters);
        }

        return sum;
    }

    private static string SourceOf(PipelinePlan plan, PlanTask task)
    {
        while (task.Input is { } input)
        {
            task = plan.Tasks.First(candidate => candidate.Id == input);
        }

        return task.Id;
    }
}
