using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits how a row is read whose text may omit columns. These columns then get the default that the program declares.</summary>
/// <param name="fields">The variable that contains the fields.</param>
/// <param name="trees">Reads the columns that are trees; null if there are none.</param>
/// <param name="indexed">What the positions of the fields are called.</param>
internal sealed class OptionalColumns(
    RowModel row, string[] locals, string fields, TreeReaderEmitter? trees = null, string indexed = "column")
{
    private readonly List<string> _declarations = [];
    private readonly List<string> _conditions = [];
    private readonly List<string> _setters = [];
    private readonly List<(ColumnModel Column, string Name)> _accessors = [];

    /// <summary>The variable for the created row.</summary>
    public string Target { get; init; } = "row";

    /// <summary>The prefix of the names of accessors.</summary>
    public string Accessor { get; init; } = "Set";

    public IReadOnlyList<string> Conditions => _conditions;

    /// <summary>The statements that set the columns in the text, after the row was created.</summary>
    public IReadOnlyList<string> Setters => _setters;

    /// <summary>Whether a column is set after the row was created, because its default must remain if the text omits it.</summary>
    public static bool IsSetLater(ColumnModel column) => column is { IsOptional: true, Setter: not null };

    /// <summary>Adds a condition of another kind.</summary>
    public void Add(string condition) => _conditions.Add(condition);

    /// <param name="index">The index among all columns.</param>
    /// <param name="position">The index among the fields.</param>
    public void Add(ColumnModel column, int index, int position)
    {
        var local = locals[index];
        if (!column.IsOptional)
        {
            _conditions.Add(ReadCall(column, $"{column.Type} {local}", position));
            return;
        }

        _declarations.Add($"{column.Type} {local} = {CodecNames.DefaultOf(column)};");
        _conditions.Add($"({fields}.IsMissing({position}) || {ReadCall(column, local, position)})");
        if (column.Setter != null)
        {
            AddSetter(column, local, position);
        }
    }

    /// <summary>Adds the statement that sets a column after the row was created.</summary>
    public void AddSetter(ColumnModel column, string local, int position)
    {
        _setters.Add($"if (!{fields}.IsMissing({position}))");
        _setters.Add("{");
        _setters.Add("    " + Set(column, local));
        _setters.Add("}");
        _setters.Add("");
    }

    public void EmitLocals(CodeWriter writer)
    {
        foreach (var declaration in _declarations)
        {
            writer.Line(declaration);
        }
    }

    /// <summary>Emits accessors for init-only members of classes. Creating the object again would allocate twice per row.</summary>
    public void EmitAccessors(CodeWriter writer)
    {
        foreach (var (column, name) in _accessors)
        {
            writer.Line();
            writer.Line(
                $"[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = {CodecNames.Literal("set_" + column.Member)})]");
            writer.Line($"private static extern void {name}({column.Setter!.Owner} row, {column.Type} value);");
        }
    }

    private string ReadCall(ColumnModel column, string target, int position) => column.Tree != null
        ? trees!.ReadCall(column, fields, position, target)
        : $"{fields}.{CodecNames.ReadCall(column, target, position, withIndex: true, isDeclared: true, indexed)}";

    private string Set(ColumnModel column, string local)
    {
        if (column.Setter is not { IsInitOnly: true })
        {
            return $"{Target}.{CodecNames.Member(column)} = {local};";
        }

        if (row.IsValue)
        {
            return $"{Target} = {Target} with {{ {CodecNames.Member(column)} = {local} }};";
        }

        var name = Accessor + _accessors.Count;
        _accessors.Add((column, name));
        return $"{name}({Target}, {local});";
    }
}
