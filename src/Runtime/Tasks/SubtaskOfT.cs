using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>The base class of generated tasks whose inputs all have the same row type.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="context">The context of the subtask.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Subtask<T>(TaskContext context) : Subtask(context)
{
    private int[] _selected = [];

    /// <summary>Runs rows of a batch through the task, without a watermark update between them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The index of the first row.</param>
    /// <param name="to">The index after the last row.</param>
    protected abstract void Process(Batch<T> batch, int from, int to);

    /// <summary>
    /// Called after <see cref="Process"/>, to send results that several of these rows have changed once. All of them are sent before the
    /// watermark advances or a barrier comes.
    /// </summary>
    protected virtual void EndRows()
    {
        // Most tasks have nothing left to send.
    }

    /// <summary>Starts a selection of rows of a batch. Only one selection is valid at a time.</summary>
    /// <param name="rows">The number of rows to select from.</param>
    /// <returns>The empty selection.</returns>
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
}

/// <summary>Identifies an operator of a task, for messages.</summary>
/// <param name="Id">The id of the stream that the operator produces.</param>
/// <param name="Type">The full name of its class.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record OperatorRef(string Id, string Type)
{
    internal string Text => $"'{Id}' ({Type})";

    internal bool Declares(string typeName) =>
        typeName == Type
            || typeName.StartsWith(Type + "+", StringComparison.Ordinal)
            || typeName.StartsWith(Type + ".", StringComparison.Ordinal);
}
