using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>
/// Bad rows take part in the size of a read: a reader comes back after as many rows, good or bad, as a batch has; and at once where what
/// was made of a bad row waits for credits. So a file of bad rows alone holds up neither barriers nor a stop, nor fills the memory.
/// </summary>
/// <param name="handler">Does with a bad row what the policy of the source says.</param>
/// <param name="rows">Where the reader appends good rows.</param>
/// <param name="group">The group of the subtask.</param>
internal sealed class PassedBadRows<T>(IBadRowHandler handler, RowAppender<T> rows, ExecutionGroup group) : IBadRowHandler
{
    public void Handle(in BadRow row)
    {
        handler.Handle(in row);
        rows.PassOver();
        if (group.IsHeldUp)
        {
            rows.Stop();
        }
    }
}
