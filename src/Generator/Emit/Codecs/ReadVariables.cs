using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>The variables that readers set: their declarations, and their values where nothing is read.</summary>
internal static class ReadVariables
{
    /// <summary>The value of a member of a row if nothing is read for it.</summary>
    public static string DefaultOf(ColumnModel column) => column switch
    {
        { Default: not (null or DefaultConstant { Type: null }) } => ConstantCode.Of(column.Default),
        { Nullable: true } => "null",
        { IsReference: true } => "null!",
        _ => "default",
    };

    /// <summary>The declaration of the local of a column that is read later, if at all.</summary>
    public static string Declaration(ColumnModel column, string local) => column switch
    {
        _ when MayBeUnset(column) => $"{column.Type}? {local} = null;",
        { Nullable: true } or { Default: not null } or { IsReference: false } => $"{column.Type} {local} = {DefaultOf(column)};",
        { Kind: ColumnKind.String } => $"{column.Type} {local} = \"\";",
        _ => $"{column.Type} {local} = [];",
    };

    /// <summary>The local of such a column after it was read.</summary>
    public static string Known(ColumnModel column, string local) => MayBeUnset(column) ? local + "!" : local;

    /// <summary>The type of a local that a method for trees sets, which is null if the method fails.</summary>
    public static string TypeOfOut(ColumnModel column) =>
        MayBeUnset(column) ? $"{column.Type}?" : $"{column.Type}";

    /// <summary>The parameter for a row.</summary>
    public static string OutRow(RowModel row) => OutParameter(row.Type, row.IsValue, "row");

    /// <summary>The parameter for a value that may not be readable.</summary>
    public static string OutParameter(TypeName type, bool isValue, string name = "value") =>
        $"{(isValue ? "" : "[global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] ")}out {type} {name}";

    /// <summary>What that parameter is if the value cannot be read.</summary>
    public static string Nothing(bool isValue) => isValue ? "default" : "null";

    // The methods for trees set a variable to null if they fail. Those of the runtime do not.
    private static bool MayBeUnset(ColumnModel column) => column is { Nullable: false, Tree.IsValue: false };
}
