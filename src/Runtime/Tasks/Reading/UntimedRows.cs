using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Streams;
using Penstock.Telemetry;

namespace Penstock.Tasks;

/// <summary>Handles the rows of a source whose event time is null, according to its policy.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="pipeline">The name of the pipeline.</param>
/// <param name="sourceId">The id of the source.</param>
/// <param name="policy">The policy of the source.</param>
/// <param name="forward">Emits a batch of such rows to the side output; null if there is none.</param>
/// <param name="options">The options of the pipeline.</param>
/// <param name="counters">The counters of the subtask.</param>
/// <param name="skipped">Records whether a subtask of the source has skipped such a row before.</param>
/// <param name="log">The log.</param>
internal sealed class UntimedRows<T>(
    string pipeline,
    string sourceId,
    NullTimePolicy policy,
    Action<Batch<T>>? forward,
    PipelineOptions options,
    SubtaskCounters counters,
    FirstSkipped skipped,
    ILogger log)
{
    private readonly BatchPool<T> _batches = new(options.BatchSize, maxFree: 1);

    /// <summary>Indicates whether the rows of a batch are being emitted to the side output.</summary>
    public bool IsEmitting { get; private set; }

    /// <summary>Handles the untimed rows of a batch. The caller removes them from the batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="indices">The indices of the rows, at least one.</param>
    /// <param name="reader">The reader of the rows.</param>
    /// <param name="column">The name of the column with the event time.</param>
    /// <exception cref="PipelineException">The policy is to fail.</exception>
    public void Handle(Batch<T> batch, ReadOnlySpan<int> indices, ISplitReader<T> reader, string column)
    {
        if (policy == NullTimePolicy.Fail)
        {
            throw new PipelineException(
                ErrorCodes.EventTimeNull,
                $"Pipeline '{pipeline}', source '{sourceId}': {reader.Describe(indices[0])}: the event time '{column}' is null."
                    + $"{RowText.Of(batch, indices[0], options)}\nCorrect the row, or set OnNull on the [EventTime] of the source to Skip "
                    + $"or SideOutput.");
        }

        counters.Untimed += indices.Length;
        if (policy == NullTimePolicy.SideOutput)
        {
            Emit(batch, indices);
        }
        else if (skipped.IsFirst())
        {
            log.FirstUntimedRow(sourceId, pipeline, reader.Describe(indices[0]), column);
        }
    }

    private void Emit(Batch<T> batch, ReadOnlySpan<int> indices)
    {
        if (forward == null)
        {
            return;
        }

        var aside = _batches.Rent();
        foreach (var index in indices)
        {
            aside.Add(in batch.Rows[index]);
        }

        IsEmitting = true;
        forward(aside);
        IsEmitting = false;
        aside.Release();
    }
}
