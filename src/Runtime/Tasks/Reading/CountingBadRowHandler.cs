using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>
/// Counts bad rows in the size of a read: a reader returns after as many rows, good or bad, as fit in a batch, and immediately if the
/// output for a bad row waits for credits. So a file with only bad rows neither delays barriers or a stop, nor fills the memory.
/// </summary>
/// <param name="handler">Handles a bad row according to the policy of the source.</param>
/// <param name="rows">Receives the good rows of the reader.</param>
/// <param name="group">The group of the subtask.</param>
internal sealed class CountingBadRowHandler<T>(IBadRowHandler handler, RowAppender<T> rows, ExecutionGroup group) : IBadRowHandler
{
    public void Handle(in BadRow row)
    {
        handler.Handle(in row);
        rows.SkipRow();
        if (group.IsBackpressured)
        {
            rows.Stop();
        }
    }
}
