using System.Globalization;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Telemetry;

namespace Penstock.Tasks;

/// <summary>Handles a bad row according to the policy of its source.</summary>
internal sealed class BadRowHandler(
    string pipeline,
    string sourceId,
    BadRowPolicy policy,
    bool includeRowText,
    string positionName,
    Action<BadRow>? forward,
    SubtaskCounters counters,
    FirstSkipped skipped,
    ILogger log) : IBadRowHandler
{
    public void Handle(in BadRow row)
    {
        if (policy == BadRowPolicy.Fail)
        {
            var column = row.Column.Length == 0 ? "" : $", column '{row.Column}'";
            var position = row.Position == BadRow.NoPosition ? "" : $", {positionName} {row.Position}";
            var text = includeRowText ? $" The row: {row.Text}" : "";
            throw new BadRowException(
                row,
                $"Pipeline '{pipeline}', source '{sourceId}': {row.Source}{position}{column}: {row.Error}{text}\nCorrect the row, or set "
                    + $"OnBadRow to Skip or SideOutput on the source.");
        }

        counters.Bad++;
        if (policy == BadRowPolicy.SideOutput)
        {
            forward?.Invoke(row);
        }
        else if (skipped.IsFirst())
        {
            var at = row.Position == BadRow.NoPosition
                ? row.Source
                : string.Create(CultureInfo.InvariantCulture, $"{row.Source}, {positionName} {row.Position}");
            log.FirstBadRow(sourceId, pipeline, row.Column.Length == 0 ? at : $"{at}, column '{row.Column}'", row.Error);
        }
    }
}

/// <summary>Records, for all subtasks of a source, whether it has skipped a row before.</summary>
internal sealed class FirstSkipped
{
    private int _count;

    public bool IsFirst() => Interlocked.Exchange(ref _count, 1) == 0;
}

/// <summary>Records, for all subtasks of a source, whether it has skipped a row without event time before.</summary>
internal sealed class FirstUntimed
{
    public FirstSkipped Rows { get; } = new();
}
