using Penstock.Generator.Schemas;

namespace Penstock.Generator.Plan;

/// <summary>A kind of operator whose rows are partitioned by a key, so that it can have state: a task begins with it.</summary>
internal abstract class KeyedKind : ClassKind
{
    /// <summary>A table with an entry for each key, as checkpoints describe it.</summary>
    public const string Keyed = "keyed($)";

    /// <summary>
    /// The states that the kind itself keeps beside those that classes declare. The build locks them as it locks declared ones, so that a
    /// restart with another schema of them is refused.
    /// </summary>
    public abstract IReadOnlyList<OwnState> OwnStates { get; }

    /// <summary>What stands behind the id of such an operator in the ids of its state, except for maps and lists.</summary>
    public virtual IEnumerable<StateSuffix> Suffixes =>
        OwnStates.Select(static state => state.Suffix)
            .Concat(HasWindowScope ? [StateSuffix.Key, StateSuffix.Time] : [StateSuffix.Time]);

    /// <summary>Whether classes may declare state by key.</summary>
    public virtual bool HasDeclaredState => true;

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

/// <summary>A state that a kind keeps by itself, such as a counter that users do not see.</summary>
/// <param name="Suffix">What stands behind the id of the operator in the id of the state.</param>
/// <param name="Schema">Its schema, as its class of the runtime has it, with <c>$</c> for the key.</param>
internal sealed record OwnState(StateSuffix Suffix, string Schema);
