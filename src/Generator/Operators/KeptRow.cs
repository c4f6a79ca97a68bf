using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>A row that an operator saves as a whole, as state with one member.</summary>
internal static class KeptRow
{
    /// <summary>The member that is the row, in checkpoints and in the struct of the runtime.</summary>
    public const string Member = "Row";

    /// <summary>That member in the schema.</summary>
    public static SchemaField FieldOf(ValueModel rows) => new(Member, rows, [], []);
}
