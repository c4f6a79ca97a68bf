using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Sinks;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>Sends rows to a sink, collected in batches.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SinkOutput<T> : IOutput, ISinkPart
{
    private readonly Subtask _owner;
    private readonly Batch<T> _batch;
    private readonly ISinkWriter<T> _writer;

    // Completes, possibly with an error, when no prepare call is running.
    private Task _preparing = Task.CompletedTask;

    internal SinkOutput(Subtask owner, string id, ISinkWriter<T> writer, int batchSize)
    {
        _owner = owner;
        _writer = writer;
        Id = id;
        _batch = new BatchPool<T>(batchSize).Rent();
    }

    /// <summary>The id of the sink.</summary>
    public string Id { get; }

    /// <summary>Delivers a row to a sink that does not read event times.</summary>
    /// <param name="row">The row to deliver.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row)
    {
        if (_batch.Add(in row))
        {
            Write();
        }
    }

    /// <summary>Delivers a row.</summary>
    /// <param name="row">The row to deliver.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row, long time)
    {
        if (_batch.Add(in row, time))
        {
            Write();
        }
    }

    /// <summary>
    /// Reserves room for the rows that a loop over a batch may deliver, so that the loop needs no checks and counts the rows in a register.
    /// End the loop with <see cref="Commit"/>.
    /// </summary>
    /// <param name="rows">The maximum number of rows to deliver: at most the number of rows in one input batch.</param>
    /// <returns>The reserved rows.</returns>
    public ReservedRows<T> Reserve(int rows)
    {
        if (_batch.Capacity - _batch.Count < rows)
        {
            Write();
        }

        return new ReservedRows<T>(_batch);
    }

    /// <summary>Delivers the rows that were put into the reserved rows.</summary>
    /// <param name="rows">The number of rows.</param>
    public void Commit(int rows) => _batch.Count += rows;

    /// <summary>Delivers a row of an upsert stream.</summary>
    /// <param name="row">The row to deliver.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <param name="kind">The row kind.</param>
    public void Emit(in T row, long time, RowKind kind)
    {
        var full = _batch.Add(in row, time);
        _batch.SetLastKind(kind);
        if (full)
        {
            Write();
        }
    }

    void IOutput.EmitWatermark(long split, long combined)
    {
        // A sink ignores watermarks.
    }

    void IOutput.Flush()
    {
        if (_batch.Count > 0)
        {
            Write();
        }
    }

    Task ISinkPart.Settled => Task.WhenAll(_preparing, (_writer as IClosingWriter)?.Closing ?? Task.CompletedTask);

    Task<byte[]> ISinkPart.PrepareAsync(long checkpoint)
    {
        var prepared = PrepareAsync(checkpoint);

        // The prepare call of a failed checkpoint may still be running.
        _preparing = _preparing.IsCompleted ? prepared : Task.WhenAll(_preparing, prepared);
        return prepared;
    }

    void ISinkPart.Interrupt() => _writer.Interrupt();

    void IDisposable.Dispose() => _writer.Dispose();

    private async Task<byte[]> PrepareAsync(long checkpoint)
    {
        try
        {
            return await _writer.PrepareAsync(checkpoint);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw Explain(error);
        }
    }

    private void Write()
    {
        _owner.Counters.RowsOut += _batch.Count;
        try
        {
            _writer.Write(_batch, _owner.NextCheckpoint);
        }
        catch (RowWriteException error)
        {
            throw RowFailed(error);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw Explain(error);
        }

        _batch.Empty();
    }

    // The rows of a batch come from several input batches, so their positions are not known here.
    private OperatorException RowFailed(RowWriteException error)
    {
        var what = $"a row cannot be written to sink '{Id}'";
        var cause = error.InnerException ?? error;
        var text = error.Index >= 0 && error.Index < _batch.Count ? RowText.Of(_batch, error.Index, _owner.Context.Options) : "";
        return new OperatorException(
            ErrorCodes.RowCodeFailed,
            $"Pipeline '{_owner.Context.PipelineName}': {what}: {cause.GetType().Name}: {cause.Message}{text}",
            cause)
        {
            Place = new FailurePlace(what, IsExact: false),
        };
    }

    private PipelineException Explain(Exception error) => SinkErrors.Explain(_owner.Context.PipelineName, Id, "write", error);
}

/// <summary>The part of a sink in the checkpoints of a subtask.</summary>
internal interface ISinkPart : IDisposable
{
    string Id { get; }

    Task<byte[]> PrepareAsync(long checkpoint);

    /// <summary>
    /// Completes, possibly with an error, when the writer has no background work. Read only when no more rows or checkpoints come.
    /// </summary>
    Task Settled { get; }

    /// <summary>Interrupts a waiting writer. May be called on any thread.</summary>
    void Interrupt();
}
