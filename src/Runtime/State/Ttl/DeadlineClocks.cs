using System.Text;

namespace Penstock.State;

/// <summary>A deadline that checkpoints save: of a member of the entries of a table, or of the elements of a map or list.</summary>
/// <param name="Id">The id of the map or list, or the id of the table, a colon, and the name of the deadline.</param>
/// <param name="FormerIds">Its former ids.</param>
/// <param name="State">What messages call the state.</param>
/// <param name="InProcessingTime"><c>true</c> if it counts in processing time even if the rows have event time.</param>
internal sealed record Deadline(string Id, IReadOnlyList<string> FormerIds, string State, bool InProcessingTime)
{
    // What the compiler appends to the name of a state, for that of its deadline. The state of a key of [Distinct] has no name.
    private const string Suffix = "Expires";

    /// <summary>The deadlines in the entries of a table.</summary>
    /// <param name="id">The id of the table.</param>
    public static IEnumerable<Deadline> Of<TState, TStateCodec>(string id)
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState> =>
        [
            .. TStateCodec.RowTimeDeadlines.Select(names => Of(id, names, inProcessingTime: false)),
            .. TStateCodec.ProcessingTimeDeadlines.Select(names => Of(id, names, inProcessingTime: true)),
        ];

    private static Deadline Of(string id, string names, bool inProcessingTime)
    {
        string[] ids = [.. names.Split('|').Select(name => $"{id}:{name}")];
        var name = ids[0][(id.Length + 1)..].TrimEnd('_');
        return new Deadline(
            ids[0],
            ids[1..],
            name == Suffix ? "the state of its keys" : $"'{name[..^Suffix.Length]}'",
            inProcessingTime);
    }
}

/// <summary>
/// The clock of each deadline of an operator. Checkpoints save it, because a deadline is a number that means nothing by another clock: all
/// state would expire at once, or never.
/// </summary>
/// <param name="operatorId">The id of the operator.</param>
/// <param name="hasEventTime">Whether its rows have event time.</param>
internal sealed class DeadlineClocks(string operatorId, bool hasEventTime)
{
    private readonly List<Deadline> _deadlines = [];
    private byte[]? _bytes;

    /// <summary>Adds deadlines. All are added before the first checkpoint is taken or restored.</summary>
    public void Add(IEnumerable<Deadline> deadlines) => _deadlines.AddRange(deadlines);

    /// <summary>The clocks as checkpoints save them: their number, and for each whether it is that of the machine, and its id.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            if (_bytes == null)
            {
                using var bytes = new MemoryStream();
                using var writer = new BinaryWriter(bytes, Encoding.UTF8);
                writer.Write(_deadlines.Count);
                foreach (var deadline in _deadlines)
                {
                    writer.Write(InProcessingTime(deadline));
                    writer.Write(deadline.Id);
                }

                writer.Flush();
                _bytes = bytes.ToArray();
            }

            return _bytes;
        }
    }

    /// <summary>Compares the clocks with those that a checkpoint has saved.</summary>
    /// <param name="saved">The saved clocks; nothing in checkpoints of release 0.1.</param>
    /// <exception cref="StateRefusedException">A deadline was saved by another clock.</exception>
    public void Check(byte[] saved)
    {
        if (saved.Length == 0)
        {
            return;
        }

        using var reader = new BinaryReader(new MemoryStream(saved), Encoding.UTF8);
        var clocks = new Dictionary<string, bool>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var inProcessingTime = reader.ReadBoolean();
            clocks[reader.ReadString()] = inProcessingTime;
        }

        foreach (var deadline in _deadlines)
        {
            var known = deadline.FormerIds.Prepend(deadline.Id).FirstOrDefault(clocks.ContainsKey);
            if (known != null && clocks[known] != InProcessingTime(deadline))
            {
                throw Refused(deadline, clocks[known]);
            }
        }
    }

    private bool InProcessingTime(Deadline deadline) => deadline.InProcessingTime || !hasEventTime;

    private StateRefusedException Refused(Deadline deadline, bool savedInProcessingTime)
    {
        var (saved, now, cause, remedy) = savedInProcessingTime
            ? ("processing time", "event time", "have event time now", "Set TtlTime = TtlTime.ProcessingTime")
            : ("event time", "processing time", "no longer have event time", "Change it back");
        return new StateRefusedException(
            ErrorCodes.OtherClock,
            $"expires by another clock: {deadline.State} was saved with deadlines in {saved}, and its deadlines now count in {now}, "
                + $"because the rows {cause}, or because TtlTime has changed. {remedy}, or let the operator begin with empty state: give "
                + $"its stream another Id, and drop the old state with [RemovedState(\"{operatorId}\")] on the pipeline.")
        {
            Place = operatorId,
        };
    }
}
