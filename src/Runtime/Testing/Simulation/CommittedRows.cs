using System.Diagnostics.CodeAnalysis;

namespace Penstock.Testing.Simulation;

/// <summary>The rows that sinks have committed, as text, in an order of their own.</summary>
[RequiresUnreferencedCode("Rows are read by reflection.")]
internal static class CommittedRows
{
    private const int MostShown = 5;

    public static Dictionary<string, List<string>> Of(TestConnectors connectors) => connectors.Sinks.ToDictionary(
        static sink => sink.Stream,
        static sink => sink.Sink.CommittedRows.Select(static row => RowTexts.Of(row)).Order(StringComparer.Ordinal).ToList());

    /// <summary>Says in what two runs differ; null where they do not.</summary>
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

    private static List<string> Without(List<string> rows, List<string> others)
    {
        var left = others.GroupBy(static row => row).ToDictionary(static row => row.Key, static row => row.Count());
        return [.. rows.Where(row => (left[row] = left.GetValueOrDefault(row) - 1) < 0)];
    }

    private static string Show(List<string> rows, string what) =>
        $"{rows.Count} {(rows.Count == 1 ? "row" : "rows")} {what}{(rows.Count == 0 ? "" : ": " + string.Join(" ", rows.Take(MostShown)))}{(rows.Count > MostShown ? " …" : "")}";
}
