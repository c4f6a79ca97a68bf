using System.Diagnostics.CodeAnalysis;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The committed output of sinks as sorted text: the rows of an append stream, or the result of applying the rows of an upsert stream in
/// order.
/// </summary>
[RequiresUnreferencedCode("Rows are read by reflection.")]
internal static class CommittedRows
{
    private const int MaxShown = 5;

    public static Dictionary<string, List<string>> Of(TestConnectors connectors, PipelinePlan plan) => connectors.Sinks.ToDictionary(
        static sink => sink.Stream,
        sink => RowsOf(sink.Stream, sink.Sink, plan.Nodes.First(node => node.Id == sink.Stream).Changelog)
            .Order(StringComparer.Ordinal)
            .ToList());

    /// <summary>Describes the difference between two runs; null if there is none.</summary>
    public static string? Difference(Dictionary<string, List<string>> expected, Dictionary<string, List<string>> found)
    {
        foreach (var (stream, rows) in expected)
        {
            var missing = Without(rows, found[stream]);
            var extra = Without(found[stream], rows);
            if (missing.Count + extra.Count > 0)
            {
                return $"Stream '{stream}': {Show(missing, "missing")}; {Show(extra, "too many")}.";
            }
        }

        return null;
    }

    // The number of versions of a row depends on the batches in which late rows arrive, so versions are not compared.
    private static IEnumerable<string> RowsOf(string stream, ITestSink sink, Changelog changelog)
    {
        if (changelog.Mode == ChangelogMode.Append)
        {
            return sink.CommittedRows.Select(static change => RowTexts.Of(change.Row));
        }

        if (changelog is not { Mode: ChangelogMode.Upsert, Key.Count: > 0 })
        {
            throw new ArgumentException(
                $"The rows of stream '{stream}' do not show the key by which one replaces another, so that two runs cannot be compared. "
                    + $"Give them members that are the key.");
        }

        var rows = new Dictionary<string, string>();
        foreach (var (kind, row) in sink.CommittedRows)
        {
            var key = RowTexts.Of(row, changelog.Key);
            if (kind == RowKind.Delete)
            {
                rows.Remove(key);
            }
            else
            {
                rows[key] = RowTexts.Of(row);
            }
        }

        return rows.Values;
    }

    private static List<string> Without(List<string> rows, List<string> others)
    {
        var left = others.GroupBy(static row => row).ToDictionary(static row => row.Key, static row => row.Count());
        return [.. rows.Where(row => (left[row] = left.GetValueOrDefault(row) - 1) < 0)];
    }

    private static string Show(List<string> rows, string what) =>
        $"{rows.Count} {(rows.Count == 1 ? "row" : "rows")} {what}{(rows.Count == 0 ? "" : ": " + string.Join(" ", rows.Take(MaxShown)))}{(rows.Count > MaxShown ? " …" : "")}";
}
