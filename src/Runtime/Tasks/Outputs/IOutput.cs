namespace Penstock.Tasks;

/// <summary>The operations of a subtask on each of its outputs at watermark updates and flushes, besides emitting rows.</summary>
internal interface IOutput
{
    /// <summary>Emits a watermark update after the rows emitted so far.</summary>
    void EmitWatermark(long split, long combined);

    /// <summary>Sends all buffered rows.</summary>
    void Flush();
}
