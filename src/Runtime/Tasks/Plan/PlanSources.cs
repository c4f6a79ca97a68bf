namespace Penstock.Tasks;

/// <summary>The sources of each task's rows, and thus the sources that wait for each other's watermark.</summary>
internal sealed class PlanSources
{
    private readonly Dictionary<string, IReadOnlyList<string>> _ofTask = [];

    public PlanSources(PipelinePlan plan)
    {
        foreach (var task in plan.Tasks)
        {
            _ofTask[task.Id] = task.Inputs.Count == 0 ? [task.Id] : [.. task.Inputs.SelectMany(edge => _ofTask[edge.From]).Distinct()];
        }
    }

    /// <summary>Returns the sources of the rows of a task.</summary>
    public IReadOnlyList<string> Of(string task) => _ofTask[task];

    /// <summary>For each task that gets rows of this source and of others, returns the others.</summary>
    public IEnumerable<IReadOnlyList<string>> GroupsWith(string source) => _ofTask.Values
        .Where(sources => sources.Count > 1 && sources.Contains(source))
        .Select(sources => (IReadOnlyList<string>)[.. sources.Where(other => other != source)])
        .DistinctBy(static others => string.Join(' ', others));
}
