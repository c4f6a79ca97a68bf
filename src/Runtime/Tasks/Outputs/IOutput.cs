namespace Penstock.Tasks;

/// <summary>What a subtask must do with each of its outputs at watermark updates and at flushes, beside emitting rows.</summary>
internal interface IOutput
{
    /// <summary>Passes a watermark update on, behind the rows emitted so far.</summary>
    void EmitWatermark(long split, long overall);

    /// <summary>Sends what is buffered.</summary>
    void Flush();
}
