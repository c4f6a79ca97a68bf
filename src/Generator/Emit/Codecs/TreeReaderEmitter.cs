using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits how objects, lists and dictionaries inside rows are read from JSON: a method for each type of value.</summary>
internal sealed class TreeReaderEmitter
{
    private readonly CodeWriter _code;
    private readonly RowModel _row;
    private readonly TreeMethods _methods;

    // Strings inside trees are numbered after the columns; the numbers identify their cached values.
    private int _texts;

    public TreeReaderEmitter(CodeWriter code, RowModel row)
    {
        _code = code;
        _row = row;
        _methods = new TreeMethods(row, isWritten: false);
        _texts = row.InText.Count();
    }

    private const string Reader = CodecNames.Formats + "JsonTreeReader";

    /// <summary>The method that reads the row itself.</summary>
    public string Root => "Read" + _methods.Root;

    /// <summary>The call that reads a column from the fields of a row.</summary>
    public string ReadCall(ColumnModel column, string fields, int position, string target) =>
        $"{FieldMethod(column)}({fields}, column: {position}, out {target})";

    /// <summary>Emits the methods.</summary>
    /// <param name="withRow">Whether to include the method that reads the row itself.</param>
    public void Emit(bool withRow)
    {
        if (withRow)
        {
            EmitObject(_row, _row.Type, Root, _methods.Root, "Columns");
        }

        foreach (var value in _methods.Values)
        {
            EmitValue(value);
        }

        foreach (var column in _row.InText.Select(static item => item.Column)
            .Where(static column => column is { IsRead: true, Tree: not null })
            .GroupBy(FieldMethod)
            .Select(static group => group.First()))
        {
            EmitField(column);
        }
    }

    private string FieldMethod(ColumnModel column) =>
        column.Tree!.Kind == TreeKind.Element ? column.Nullable ? "ReadNullableJson" : "ReadJson" : "Read" + _methods.Of(column);

    private void EmitField(ColumnModel column)
    {
        _code.Line();
        using (_code.Braces(
            $"private static bool {FieldMethod(column)}({CodecNames.Formats}TextRow fields, int column, out {column.Type} value)"))
        {
            _code.Line("var json = fields.Tree(column);");
            _code.Line($"return fields.EndTree(column, {Read(column, "value")}, in json);");
        }
    }

    private void EmitValue(ColumnModel value)
    {
        var tree = value.Tree!;
        var name = "Read" + _methods.Of(value);
        if (!value.Nullable && _methods.ChoiceOf(tree) is { } choice)
        {
            new ChoiceEmitter(_code, _methods).EmitReader(value, choice);
            return;
        }

        if (!value.Nullable && tree.Kind == TreeKind.Object)
        {
            EmitObject(_methods.TypeOf(tree), value.Type, name, _methods.Of(value), null);
            return;
        }

        _code.Line();
        using (_code.Braces($"private static bool {name}(ref {Reader} json, out {value.Type} value)"))
        {
            if (value.Nullable)
            {
                EmitNullable(value);
            }
            else
            {
                EmitCollection(tree);
            }
        }
    }

    private void EmitNullable(ColumnModel value)
    {
        var sure = TreeMethods.NonNullable(value);
        _code.Line("value = null;");
        if (!value.Tree!.IsValue)
        {
            _code.Line($"return json.TryNull() || {Read(sure, "value")};");
            return;
        }

        using (_code.Braces("if (json.TryNull())"))
        {
            _code.Line("return true;");
        }

        _code.Line();
        _code.Line($"var isRead = {Read(sure, "var some")};");
        _code.Line("value = some;");
        _code.Line("return isRead;");
    }

    private void EmitCollection(TreeModel tree)
    {
        var item = tree.Item!;
        var isDictionary = tree.Kind == TreeKind.Dictionary;
        _code.Line("value = default!;");
        _code.Line(
            $"var items = default({CodecNames.Formats}JsonItems<{(isDictionary ? $"global::System.Collections.Generic.KeyValuePair<string, {item.Type}>" : item.Type)}>);");
        using (_code.Braces($"if (!json.Begin{(isDictionary ? "Object" : "Array")}())"))
        {
            _code.Line("return false;");
        }

        _code.Line();
        using (_code.Braces(isDictionary
            ? $"while (json.NextKey(items.Count == 0, column: {_texts++}, out var key))"
            : "while (json.NextItem(items.Count == 0))"))
        {
            using (_code.Braces($"if (!{Read(item, $"{item.Type} item")})"))
            {
                _code.Line("return false;");
            }

            _code.Line();
            _code.Line($"items.Add({(isDictionary ? "new(key, item)" : "item")});");
        }

        _code.Line();
        using (_code.Braces($"if (!json.End{(isDictionary ? "Object" : "Array")}())"))
        {
            _code.Line("return false;");
        }

        _code.Line();
        _code.Line(tree.Kind switch
        {
            TreeKind.Array => "value = items.ToArray();",
            TreeKind.List => "value = items.ToList();",
            TreeKind.Dictionary => $"value = {CodecNames.Formats}JsonItems.ToDictionary(ref items);",
            _ => throw new InvalidOperationException($"A kind of trees is no collection: {tree.Kind}."),
        });
        _code.Line("return true;");
    }

    /// <param name="columns">The property with the columns; null if there is none.</param>
    private void EmitObject(RowModel type, TypeName valueType, string name, string suffix, string? columns)
    {
        var locals = CodecNames.Locals(type, "value", "members", "member", "isRead");
        var later = new OptionalColumns(type, locals, "members") { Target = "value", Accessor = $"Set{suffix}" };
        var columnsInText = type.InText.ToList();
        _code.Line();
        if (columns == null)
        {
            _code.Line($"private static readonly {CodecNames.Formats}JsonNames {suffix}Names = new(");
            _code.Line("[");
            using (_code.Indent())
            {
                CodecNames.EmitColumnItems(_code, type);
            }

            _code.Line("]);");
        }
        else
        {
            _code.Line($"private static readonly {CodecNames.Formats}JsonNames {suffix}Names = new({columns});");
        }

        _code.Line();
        _code.Line($"/// <summary>Reads an object of type {CSharp.Comment(type.Name)}.</summary>");
        using (_code.Braces($"private static bool {name}(ref {Reader} json, out {valueType} value)"))
        {
            foreach (var (column, index) in columnsInText.Where(static item => item.Column.IsRead))
            {
                _code.Line($"{column.Type} {locals[index]} = {CodecNames.DefaultOf(column)};");
            }

            _code.Line($"var members = default({CodecNames.Formats}JsonMembers);");
            _code.Line("value = default!;");
            using (_code.Braces("if (!json.BeginObject())"))
            {
                _code.Line("return false;");
            }

            _code.Line();
            using (_code.Braces($"while (json.NextMember({suffix}Names, ref members, out var member))"))
            {
                EmitMembers(columnsInText, locals, suffix, columns != null);
            }

            _code.Line();
            using (_code.Braces($"if (!json.EndObject({suffix}Names, in members))"))
            {
                _code.Line("return false;");
            }

            _code.Line();
            _code.Line(
                $"value = {CodecNames.Construct(type, locals, static column => column is { IsRead: true, Metadata: null } && !OptionalColumns.IsSetLater(column))};");
            for (var position = 0; position < columnsInText.Count; position++)
            {
                var (column, index) = columnsInText[position];
                if (column.IsRead && OptionalColumns.IsSetLater(column))
                {
                    later.AddSetter(column, locals[index], position);
                }
            }

            foreach (var line in later.Setters)
            {
                _code.Line(line);
            }

            _code.Line("return true;");
        }

        later.EmitAccessors(_code);
    }

    private void EmitMembers(List<(ColumnModel Column, int Index)> columns, string[] locals, string suffix, bool isRow)
    {
        _code.Line("var isRead = member switch");
        _code.Line("{");
        using (_code.Indent())
        {
            for (var position = 0; position < columns.Count; position++)
            {
                var (column, index) = columns[position];
                if (column.IsRead)
                {
                    _code.Line($"{position} => {Read(column, locals[index], isRow ? position : null)},");
                }
            }

            _code.Line("_ => json.Skip(),");
        }

        _code.Line("};");
        using (_code.Braces($"if (!isRead && !json.IsReplaced({suffix}Names, ref members, member))"))
        {
            _code.Line("return false;");
        }
    }

    private string Read(ColumnModel value, string target, int? text = null) => value.Tree switch
    {
        null =>
            $"json.{CodecNames.ReadCall(value, target, text ?? (value.Kind == ColumnKind.String ? _texts++ : 0), withIndex: false, isDeclared: true)}",
        { Kind: TreeKind.Element } => $"json.Read{(value.Nullable ? "Nullable" : "")}Element(out {target})",
        _ => $"Read{_methods.Of(value)}(ref json, out {target})",
    };
}
