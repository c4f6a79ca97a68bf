using System.Diagnostics;
using Penstock.Connectors;
using Penstock.Errors;

namespace Penstock.Tasks;

// The exceptions that fail the attempt when code of the user throws: they name the pipeline, the operator, the position and the key.
public abstract partial class Subtask
{
    /// <summary>
    /// Creates the exception that fails the attempt when an operator throws. It names the pipeline, the operator, the position and the key.
    /// </summary>
    /// <typeparam name="T">The row type of the input.</typeparam>
    /// <param name="error">The exception of the operator.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="index">The index of the row.</param>
    /// <param name="operators">The operators of the task.</param>
    /// <param name="key">Returns the key of a row as text, in a keyed task.</param>
    /// <returns>The exception to throw.</returns>
    protected Exception Failed<T>(Exception error, Batch<T> batch, int index, OperatorRef[] operators, Func<T, string?>? key = null)
    {
        var (place, isExact) = PlaceOf(index);
        var text = RowText.Of(batch, index, Context.Options);
        var time = batch.Times[index] == 0 ? "" : TextOf(batch.Times[index]);
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
            // If reading the key has failed, that error takes precedence.
            return KeyFailure(keyError, operators[0].Id, $"{place}{time}", text, isExact);
        }
    }

    // Only the source knows the position of a row: after an exchange it would have to be sent with every row.
    private (string Place, bool IsExact) PlaceOf(int index) =>
        Source is not { } source
            ? (Context.DescribeInput(Input), false)
            : source.Describe(index) is { } place ? (place, true) : ($"source '{source.Id}'", false);

    /// <summary>
    /// Creates the exception that fails the attempt when the key by which a row is sent cannot be read, or returns the error if it is
    /// another one.
    /// </summary>
    /// <typeparam name="T">The row type of the input.</typeparam>
    /// <param name="error">The original exception.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The index of the first row that was processed.</param>
    /// <param name="to">The index after the last processed row.</param>
    private protected Exception FailedToSend<T>(Exception error, Batch<T> batch, int from, int to)
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
                Source == null ? Context.DescribeInput(Input) : $"a row of source '{Source.Id}'",
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

    /// <summary>Creates the exception that fails the attempt when an operator throws while a window or timer fires.</summary>
    /// <param name="error">The exception of the operator.</param>
    /// <param name="key">The key of the window or timer as text.</param>
    /// <param name="operators">The operators of the task.</param>
    /// <param name="fired">What fires.</param>
    /// <returns>The exception to throw.</returns>
    protected Exception Failed(Exception error, string? key, OperatorRef[] operators, string fired = "a window") =>
        error is KeyFailedException failed
            ? KeyFailure(failed.Error, failed.Stream, $"a result of {fired} with key {key}", "", isExact: false)
            : Failure(error, $"while {fired} fired", key, operators, "", isExact: false);

    /// <summary>Creates the exception that fails the attempt when an operator throws for a row that was kept until its time.</summary>
    /// <param name="error">The exception of the operator.</param>
    /// <param name="time">The event time of the row.</param>
    /// <param name="operators">The operators of the task.</param>
    /// <param name="row">What kind of row it is.</param>
    /// <returns>The exception to throw.</returns>
    protected Exception Failed(Exception error, long time, OperatorRef[] operators, string row = "a sorted row") =>
        error is KeyFailedException failed
            ? KeyFailure(failed.Error, failed.Stream, $"{row}{TextOf(time)}", "", isExact: false)
            : Failure(error, $"at {row}{TextOf(time)}", key: null, operators, "", isExact: false);

    internal static string TextOf(long time) => $", event time {EventTimes.ToDateTimeOffset(time):yyyy-MM-ddTHH:mm:ss.ffffffZ}";

    private OperatorException Failure(Exception error, string place, string? key, OperatorRef[] operators, string text, bool isExact)
    {
        // The innermost frame of an operator of the task determines the operator. If the stack does not contain one (inlined, trimmed), all
        // operators of the task are named.
        var type = new StackTrace(error).GetFrames()
            .Select(frame => DiagnosticMethodInfo.Create(frame)?.DeclaringTypeName)
            .FirstOrDefault(name => name != null && operators.Any(candidate => candidate.Declares(name)));
        var culprit = type == null
            ? string.Join(" or ", operators.Select(static candidate => candidate.Text))
            : operators.Where(candidate => candidate.Declares(type)).Select(static candidate => candidate.Text).First();
        return Failure(error, culprit, key == null ? place : $"{place}, key {key}", text, isExact);
    }

    /// <summary>Creates the exception that fails the attempt when a known operator throws.</summary>
    /// <param name="error">The exception of the operator.</param>
    /// <param name="culprit">The operator.</param>
    /// <param name="place">When or where it failed, such as <c>at</c> a row.</param>
    /// <param name="text">The row as a further part of the message.</param>
    /// <param name="isExact">Whether the place names the row exactly.</param>
    /// <returns>The exception to throw.</returns>
    internal OperatorException Failure(Exception error, string culprit, string place, string text, bool isExact) => new(
        ErrorCodes.OperatorFailed,
        $"Pipeline '{Context.PipelineName}': operator {culprit} failed {place}, subtask {Context.Subtask} of task '{Context.TaskId}': {error.GetType().Name}: {error.Message}{text}",
        error)
    {
        Place = new FailurePlace($"operator {culprit} {place}", isExact),
    };
}
