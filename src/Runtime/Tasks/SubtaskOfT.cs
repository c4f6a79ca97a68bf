using System.ComponentModel;
using System.Diagnostics;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>The base of every generated task.</summary>
/// <typeparam name="T">The row type of its input.</typeparam>
/// <param name="context">What the subtask is wired to.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Subtask<T>(TaskContext context) : Subtask(context)
{
    private int[] _selected = [];

    /// <summary>Runs the rows of a batch through the task. No watermark update stands between them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The index of the first row.</param>
    /// <param name="to">The index after the last row.</param>
    protected abstract void Process(Batch<T> batch, int from, int to);

    /// <summary>
    /// Called behind <see cref="Process"/>: what several of these rows have changed is sent once. Nothing is left of it when time moves on,
    /// or a barrier comes.
    /// </summary>
    protected virtual void EndRows()
    {
        // Most tasks have sent all that there is to send.
    }

    /// <summary>Begins to select rows of a batch. One selection at a time.</summary>
    /// <param name="rows">How many rows there are to select from.</param>
    /// <returns>The selection, empty.</returns>
    protected Selection Selection(int rows)
    {
        if (_selected.Length < rows)
        {
            _selected = new int[Math.Max(rows, Context.Options.BatchSize)];
        }

        return new Selection(_selected);
    }

    private protected sealed override void ProcessRows(Batch batch, int from, int to)
    {
        try
        {
            Process((Batch<T>)batch, from, to);
            EndRows();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw FailedToSend(error, (Batch<T>)batch, from, to);
        }
    }

    /// <summary>
    /// Makes the exception that stops the pipeline when an operator has thrown: it names pipeline, operator, position and key.
    /// </summary>
    /// <param name="error">What the operator threw.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="index">The index of the row.</param>
    /// <param name="operators">The operators of the task.</param>
    /// <param name="key">Reads the key of a row as text, in a keyed task.</param>
    /// <returns>The exception to throw.</returns>
    protected Exception Failed(Exception error, Batch<T> batch, int index, OperatorRef[] operators, Func<T, string?>? key = null)
    {
        var (place, isExact) = PlaceOf(index);
        var text = RowText.Of(batch, index, Context.Options);
        var time = batch.Times[index] == 0
            ? ""
            : $", event time {EventTimes.ToDateTimeOffset(batch.Times[index]):yyyy-MM-ddTHH:mm:ss.ffffffZ}";
        if (error is KeyFailedException failed)
        {
            return KeyFailure(failed.Error, failed.Stream, $"{place}{time}", text, isExact);
        }

        try
        {
            return Failure(error, $"at {place}{time}", key?.Invoke(batch.Rows[index]), operators, text, isExact);
        }
        catch (Exception keyError)
        {
            // Reading the key is what has failed, then: it comes first.
            return KeyFailure(keyError, operators[0].Id, $"{place}{time}", text, isExact);
        }
    }

    // Only the source knows where a row stands: behind an exchange it would have to travel with every row.
    private (string Place, bool IsExact) PlaceOf(int index) =>
        Source is not { } source
            ? (Context.DescribeInputs(), false)
            : source.Describe(index) is { } place ? (place, true) : ($"source '{source.Id}'", false);

    /// <summary>
    /// Makes the exception that stops the pipeline when the key by which a row is to be sent cannot be read; or returns the error where
    /// that is not so.
    /// </summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The index of the first row that was processed.</param>
    /// <param name="to">The index after the last one.</param>
    private Exception FailedToSend(Exception error, Batch<T> batch, int from, int to)
    {
        foreach (var exchange in Outputs.OfType<ExchangeOutput<T>>())
        {
            for (var index = from; index < to; index++)
            {
                if (exchange.KeyError(in batch.Rows[index]) is { } keyError)
                {
                    var (place, isExact) = PlaceOf(index);
                    var text = RowText.Of(batch, index, Context.Options);
                    return KeyFailure(keyError, exchange.ToTask, place, text, isExact);
                }
            }
        }

        return error is KeyFailedException failed
            ? KeyFailure(
                failed.Error,
                failed.Stream,
                Source == null ? Context.DescribeInputs() : $"a row of source '{Source.Id}'",
                "",
                isExact: false)
            : error;
    }

    private OperatorException KeyFailure(Exception error, string stream, string place, string text, bool isExact) => new(
        ErrorCodes.KeyFailed,
        $"Pipeline '{Context.PipelineName}': the key of stream '{stream}' cannot be read at {place}, subtask {Context.Subtask} of task '{Context.TaskId}': {error.GetType().Name}: {error.Message}{text}",
        error)
    {
        Place = new FailurePlace($"the key of stream '{stream}' at {place}", isExact),
    };

    /// <summary>Makes the exception that stops the pipeline when an operator has thrown while a window fired.</summary>
    /// <param name="error">What the operator threw.</param>
    /// <param name="key">The key of the window as text.</param>
    /// <param name="operators">The operators of the task.</param>
    /// <returns>The exception to throw.</returns>
    protected Exception Failed(Exception error, string? key, OperatorRef[] operators) => error is KeyFailedException failed
        ? KeyFailure(failed.Error, failed.Stream, $"a result of a window with key {key}", "", isExact: false)
        : Failure(error, "while a window fired", key, operators, "", isExact: false);

    private OperatorException Failure(Exception error, string place, string? key, OperatorRef[] operators, string text, bool isExact)
    {
        // The innermost frame that belongs to an operator of the task tells which one it was; where the stack does not
        // show it (inlined, trimmed), all of the task's operators are named.
        var type = new StackTrace(error).GetFrames()
            .Select(frame => DiagnosticMethodInfo.Create(frame)?.DeclaringTypeName)
            .FirstOrDefault(name => name != null && operators.Any(candidate => candidate.Declares(name)));
        var culprit = type == null
            ? string.Join(" or ", operators.Select(candidate => $"'{candidate.Id}' ({candidate.Type})"))
            : operators.Where(candidate => candidate.Declares(type)).Select(candidate => $"'{candidate.Id}' ({candidate.Type})").First();
        var keyText = key == null ? "" : $", key {key}";
        return new OperatorException(
            ErrorCodes.OperatorFailed,
            $"Pipeline '{Context.PipelineName}': operator {culprit} failed {place}{keyText}, subtask {Context.Subtask} of task '{Context.TaskId}': {error.GetType().Name}: {error.Message}{text}",
            error)
        {
            Place = new FailurePlace($"operator {culprit} {place}{keyText}", isExact),
        };
    }
}

/// <summary>Names an operator of a task, for messages.</summary>
/// <param name="Id">The id of the stream that it produces.</param>
/// <param name="Type">The full name of its class.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record OperatorRef(string Id, string Type)
{
    internal bool Declares(string typeName) =>
        typeName == Type
            || typeName.StartsWith(Type + "+", StringComparison.Ordinal)
            || typeName.StartsWith(Type + ".", StringComparison.Ordinal);
}
