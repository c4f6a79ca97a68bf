using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>An input that sends new versions of earlier rows.</summary>
/// <param name="Reader">The operator that reads it.</param>
/// <param name="Input">The index of the input.</param>
/// <param name="Place">The place where the operator names the input.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Origin">The operator from which the versions come: one with windows, or one that keeps rows.</param>
internal sealed record Updates(OperatorNode Reader, int Input, DiagnosticAnchor Place, LogicalNode Stream, OperatorNode Origin)
{
    /// <summary>The meaning of the rows of the input.</summary>
    public ChangelogModel Changelog => Stream.Changelog;

    /// <summary>
    /// The error that the rows do not contain the key that identifies the row that a new version replaces; null if they do.
    /// </summary>
    public DiagnosticInfo? HiddenKey => Changelog.ShowsKey ? null : HiddenKeyOf(Stream, Place);

    /// <summary>The error that the operator would count each version as a separate row.</summary>
    /// <param name="remedy">How to fix it, as the end of a sentence without a period.</param>
    public DiagnosticInfo Counted(string remedy) => new(
        "PEN118",
        Place,
        Reader.Operator?.Name ?? Reader.Kind.Name,
        Stream.Name,
        $"{Changelog}",
        Changelog.Cause,
        remedy);

    /// <summary>How the reader can do without updates, as a part of a sentence.</summary>
    public string Avoidance =>
        Changelog.Keeper is { } keeper ? $"read the input of {keeper} instead" : "remove AllowedLateness from that window";

    /// <summary>The error that the rows of an upsert stream do not contain its whole key.</summary>
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
