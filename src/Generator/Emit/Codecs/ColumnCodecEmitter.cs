using Penstock.Generator.Emit.Values;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the columns of rows for sources and sinks of the user, and the conversion between columns and rows.</summary>
internal sealed class ColumnCodecEmitter
{
    private const string Column = CSharp.Penstock + "Connectors.RowColumn.";

    private readonly CodeWriter _code;
    private readonly RowModel _row;
    private readonly string _name;
    private readonly List<(ColumnLeaf Leaf, string Local, string Valid)> _leaves = [];

    public ColumnCodecEmitter(CodeWriter code, RowModel row, string name)
    {
        (_code, _row, _name) = (code, row, name);
        var names = new Names(["columns", "rows", "i", "member"]);
        foreach (var leaf in ColumnLeaves.Of(row).Where(static leaf => leaf.Column.IsRead))
        {
            var wish = Identifier.Camel(leaf.Member.Replace(".", ""));
            var local = names.Take(wish);
            _leaves.Add((leaf, Identifier.Escape(local), names.Take(local + "Valid")));
        }
    }

    /// <param name="hasColumns">Whether rows are created from columns; otherwise the source only gets the list of columns that are
    /// read.</param>
    /// <param name="summary">What it does.</param>
    public void EmitReader(bool hasColumns, string summary)
    {
        _code.Line($"/// <summary>{CSharp.Comment(summary)}.</summary>");
        using (Open(hasColumns, "Sources.IColumnRowReader"))
        {
            EmitSchema();
            if (hasColumns)
            {
                _code.Line();
                using (_code.Braces(
                    $"public static void Read({CSharp.Penstock}Connectors.ColumnAppender columns, global::System.Span<{_row.Type}> rows)"))
                {
                    EmitRows();
                }
            }
        }
    }

    /// <param name="hasColumns">Whether rows are converted to columns; otherwise the sink only gets the list of columns.</param>
    /// <param name="summary">What it does.</param>
    public void EmitWriter(bool hasColumns, string summary)
    {
        _code.Line($"/// <summary>{CSharp.Comment(summary)}.</summary>");
        using (Open(hasColumns, "Sinks.IColumnRowWriter"))
        {
            EmitSchema();
            if (hasColumns)
            {
                _code.Line();
                using (_code.Braces(
                    $"public static void Write(global::System.ReadOnlySpan<{_row.Type}> rows, {CSharp.Penstock}Connectors.ColumnBatch columns)"))
                {
                    if (!_row.IsValue)
                    {
                        using (_code.Braces("foreach (var row in rows)"))
                        {
                            CodecNames.EmitRequirement(_code, _row);
                        }

                        _code.Line();
                    }

                    for (var index = 0; index < _leaves.Count; index++)
                    {
                        EmitColumn(index);
                    }
                }
            }
        }
    }

    private CodeWriter.Block Open(bool hasColumns, string contract) =>
        _code.Braces(hasColumns
            ? $"private readonly struct {_name} : {CSharp.Penstock}{contract}<{_row.Type}>"
            : $"private static class {_name}");

    private void EmitSchema()
    {
        _code.Line("/// <summary>The columns, in the order of their members.</summary>");
        _code.Line($"public static {CSharp.Penstock}Connectors.RowSchema Schema {{ get; }} = new(");
        _code.Line("[");
        using (_code.Indent())
        {
            foreach (var (leaf, _, _) in _leaves)
            {
                _code.Line(Describe(leaf) + ",");
            }
        }

        _code.Line("]);");
    }

    private static string Describe(ColumnLeaf leaf)
    {
        var column = leaf.Column;
        var what = $"{CSharp.Literal(leaf.Member)}, [{string.Join(", ", leaf.Path.Select(CSharp.Literal))}]";
        var enumType = column.Numbers == null ? "" : $", enumType: typeof({Bare(column)})";
        var nullable = leaf.IsNullable ? ", isNullable: true" : "";
        return column.Default is not { } constant ? $"{Column}Of<{TypeOf(column)}>({what}{nullable}{enumType})"
            : column.Nullable && constant is DefaultConstant ? $"{Column}OptionalNull<{TypeOf(column)}>({what}{enumType})"
            : $"{Column}Optional<{TypeOf(column)}>({what}, value: {(column.Numbers == null ? ConstantCode.Of(constant) : $"({column.Numbers})({ConstantCode.Of(constant)})")}{nullable}{enumType})";
    }

    private void EmitRows()
    {
        var values = new Dictionary<string, string>();
        for (var index = 0; index < _leaves.Count; index++)
        {
            var (leaf, local, valid) = _leaves[index];
            _code.Line($"var {local} = columns.Values<{TypeOf(leaf.Column)}>(column: {index})[..rows.Length];");
            if (leaf.IsNullable)
            {
                _code.Line($"var {valid} = columns.Valid(column: {index})[..rows.Length];");
            }

            var value = leaf.Column.Numbers == null ? $"{local}[i]" : $"({Bare(leaf.Column)}){local}[i]";
            values.Add(leaf.Member, leaf.IsNullable ? $"{valid}[i] ? {value} : null" : value);
        }

        using (_code.Braces("for (var i = 0; i < rows.Length; i++)"))
        {
            _code.Line($"rows[i] = {Construct(_row, "", values)};");
        }
    }

    private string Construct(RowModel type, string way, Dictionary<string, string> values)
    {
        var members = type.Columns.Select(column =>
            !column.IsRead ? ""
            : values.TryGetValue(way + column.Member, out var value) ? value
            : Construct(ColumnLeaves.ObjectOf(column, _row)!, $"{way}{column.Member}.", values)).ToArray();
        return CodecNames.Construct(type, members, static column => column.IsRead);
    }

    private void EmitColumn(int index)
    {
        var (leaf, local, valid) = _leaves[index];
        var column = leaf.Column;
        if (index > 0)
        {
            _code.Line();
        }

        _code.Line($"var {local} = columns.WritableValues<{TypeOf(column)}>(column: {index})[..rows.Length];");
        if (leaf.IsNullable)
        {
            _code.Line($"var {valid} = columns.WritableValid(column: {index})[..rows.Length];");
        }

        var member = $"rows[i].{string.Join(".", leaf.Member.Split('.').Select(static name => Identifier.Escape(name)))}";
        using (_code.Braces("for (var i = 0; i < rows.Length; i++)"))
        {
            if (leaf.IsNullable)
            {
                _code.Line($"var member = {member};");
                _code.Line($"{valid}[i] = {(column.IsReference ? "member != null" : "member.HasValue")};");
            }

            var value = !leaf.IsNullable ? member : column.IsReference ? "member!" : "member.GetValueOrDefault()";
            _code.Line($"{local}[i] = {(column.Numbers == null ? value : $"({column.Numbers}){value}")};");
        }
    }

    /// <summary>The type of the values in a column.</summary>
    private static TypeName TypeOf(ColumnModel column) => column.Numbers ?? Bare(column);

    private static TypeName Bare(ColumnModel column) => column.Type.WithoutNull;
}
