using Microsoft.Extensions.Logging;
using Penstock.Telemetry;

namespace Penstock.Tasks;

/// <summary>
/// Reports rows that are older than an earlier row of their split although <c>MaxDelay</c> is zero, which declares that the rows of a split
/// are in order. They are passed on all the same, and late rows are decided as always.
/// </summary>
/// <param name="pipeline">The name of the pipeline.</param>
/// <param name="sourceId">The id of the source.</param>
/// <param name="counters">The counters of the subtask.</param>
/// <param name="log">The log.</param>
internal sealed class OutOfOrderRows(string pipeline, string sourceId, SubtaskCounters counters, ILogger log)
{
    /// <summary>Counts rows of one read.</summary>
    /// <param name="count">The number of rows, at least 1.</param>
    public void Count(int count) => counters.OutOfOrder += count;

    /// <summary>Logs the first such row of a split.</summary>
    /// <param name="split">The id of the split.</param>
    /// <param name="place">The position of the row.</param>
    /// <param name="time">Its event time.</param>
    /// <param name="newest">The largest event time of the earlier rows.</param>
    public void Warn(string split, string place, long time, long newest) => log.RowOutOfOrder(
        sourceId,
        pipeline,
        split,
        place,
        EventTimes.ToDateTimeOffset(time),
        EventTimes.ToDateTimeOffset(newest));
}
