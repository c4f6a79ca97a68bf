namespace Penstock.Tasks;

/// <summary>Which sources the rows of each task come from, and so which sources wait for each other's time.</summary>
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

    /// <summary>The sources whose rows a task gets.</summary>
    public IReadOnlyList<string> Of(string task) => _ofTask[task];

    /// <summary>The other sources that one is united with, for each union of other sources.</summary>
    public IEnumerable<IReadOnlyList<string>> UnionsOf(string source) => _ofTask.Values
        .Where(sources => sources.Count > 1 && sources.Contains(source))
        .Select(sources => (IReadOnlyList<string>)[.. sources.Where(other => other != source)])
        .DistinctBy(static others => string.Join(' ', others));
}
