using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits how a row is read whose text may omit columns. These columns then get the default that the program declares.</summary>
/// <param name="fields">The variable that contains the fields.</param>
/// <param name="accessors">The accessors for init-only members.</param>
/// <param name="trees">Reads the columns that are trees; null if there are none.</param>
/// <param name="indexed">What the positions of the fields are called.</param>
internal sealed class OptionalColumns(
    RowModel row,
    string[] locals,
    string fields,
    InitAccessors accessors,
    TreeReaderEmitter? trees = null,
    string indexed = "column")
{
    private readonly List<string> _declarations = [];
    private readonly List<string> _conditions = [];
    private readonly List<string> _setters = [];

    /// <summary>The variable for the created row.</summary>
    public string Target { get; init; } = "row";

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
            _conditions.Add(ReadCall(column, $"{ReadVariables.TypeOfOut(column)} {local}", position));
            return;
        }

        _declarations.Add(ReadVariables.Declaration(column, local));
        _conditions.Add($"({fields}.IsMissing({indexed}: {position}) || {ReadCall(column, local, position)})");
        if (column.Setter != null)
        {
            AddSetter(column, local, position);
        }
    }

    /// <summary>Adds the statement that sets a column after the row was created.</summary>
    public void AddSetter(ColumnModel column, string local, int position)
    {
        _setters.Add($"if (!{fields}.IsMissing({indexed}: {position}))");
        _setters.Add("{");
        _setters.Add("    " + Set(column, ReadVariables.Known(column, local)));
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

        return $"{accessors.Of(column, row.Name)}({Target}, {local});";
    }
}
