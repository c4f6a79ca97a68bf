using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>An input that sends a new version of a row that it has sent before.</summary>
/// <param name="Reader">The operator that reads it.</param>
/// <param name="Place">Where the operator names it.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Window">The operator with windows that the versions come from.</param>
internal sealed record Updates(OperatorNode Reader, DiagnosticAnchor Place, LogicalNode Stream, OperatorNode Window)
{
    /// <summary>What its rows mean.</summary>
    public ChangelogModel Changelog => Stream.Changelog;

    /// <summary>The rows do not show the key by which one replaces another; null where they do.</summary>
    public DiagnosticInfo? HiddenKey => Changelog.ShowsKey ? null : HiddenKeyOf(Stream, Place);

    /// <summary>The operator takes each version as a row of its own.</summary>
    /// <param name="remedy">What to do, as a sentence without its end.</param>
    public DiagnosticInfo Counted(string remedy) => new("PEN118", Place, Reader.Applied.Name, Stream.Name, $"{Changelog}", remedy);

    /// <summary>The rows of a stream of updates do not show all of the key by which one replaces another.</summary>
    public static DiagnosticInfo HiddenKeyOf(LogicalNode stream, DiagnosticAnchor place)
    {
        var parts = stream.Changelog.Key.Where(static part => part.Identifiers.Count == 0).ToList();
        var hidden = ChangelogModel.Names(parts);
        var other = parts.Exists(static part => part.CanBeNull) ? ", as a nullable member, because it can be null" : "";
        return new DiagnosticInfo(
            "PEN131",
            place,
            stream.Name,
            hidden,
            $"create the row in one place, with 'new(…)' or 'with', and copy the {hidden} into a member of it unchanged{other}");
    }
}
