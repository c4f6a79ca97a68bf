using Penstock.Tasks;

namespace Penstock.Sources;

/// <summary>Does with a bad row what the policy of its source says.</summary>
internal sealed class BadRowHandler(
    string pipeline, string sourceId, BadRowPolicy policy, bool includeRowText, string positionName, Action<BadRow>? forward, SubtaskCounters counters) : IBadRowHandler
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
                $"Pipeline '{pipeline}', source '{sourceId}': {row.Source}{position}{column}: {row.Error}{text}\nCorrect the row, or set OnBadRow to Skip or SideOutput on the source.");
        }

        counters.Bad++;
        if (policy == BadRowPolicy.SideOutput)
        {
            forward?.Invoke(row);
        }
    }
}
