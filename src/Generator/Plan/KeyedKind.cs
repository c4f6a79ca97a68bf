namespace Penstock.Generator.Plan;

/// <summary>A kind of operator whose rows are partitioned by a key, so that it can have state: a task begins with it.</summary>
internal abstract class KeyedKind : ClassKind
{
    /// <summary>A table with an entry for each key, as checkpoints describe it.</summary>
    public const string Keyed = "keyed($)";

    public sealed override bool BeginsTask => true;

    public sealed override bool IsKeyed => true;

    /// <summary>The steps in which the watermark must move so that state expires in time.</summary>
    protected static IEnumerable<WatermarkGrid> TtlGrids(OperatorNode node)
    {
        if (node is { Time: not null, Applied.Ttl.Grid: > 0 and var grid })
        {
            yield return new WatermarkGrid(grid, 0, 0);
        }
    }
}
