using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>The base class of generated tasks whose inputs have different row types, with a loop for each.</summary>
/// <param name="context">The context of the subtask.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class MultipleInputSubtask(TaskContext context) : Subtask(context)
{
    /// <summary>Runs rows of a batch through the task, without a watermark update between them.</summary>
    /// <param name="input">The index of the input from which the batch came.</param>
    /// <param name="batch">The batch, with the row type of the input.</param>
    /// <param name="from">The index of the first row.</param>
    /// <param name="to">The index after the last row.</param>
    protected abstract void Process(int input, Batch batch, int from, int to);

    private protected sealed override void ProcessRows(Batch batch, int from, int to) => Process(Input, batch, from, to);
}
