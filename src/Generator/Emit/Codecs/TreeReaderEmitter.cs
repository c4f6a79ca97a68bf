using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits how objects, lists and dictionaries inside rows are read from JSON: a method for each type of value.</summary>
internal sealed class TreeReaderEmitter
{
    private const string Reader = CodecNames.Formats + "JsonTreeReader";

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
        Accessors = new InitAccessors([$"{_methods.Root}Names", .. _methods.Values.Select(value => $"{_methods.Of(value)}Names")]);
    }

    /// <summary>The accessors for init-only members, of the row and of the objects inside it.</summary>
    public InitAccessors Accessors { get; }

    /// <summary>The method that reads the row itself.</summary>
    public string Root => "Read" + _methods.Root;

    /// <summary>The call that reads a column from the fields of a row.</summary>
    public string ReadCall(ColumnModel column, string fields, int position, string target) =>
        $"{FieldMethod(column)}({fields}, column: {position}, out {target})";

    /// <summary>Emits the fields that the methods use.</summary>
    /// <param name="withRow">Whether to include those of the row itself.</param>
    public void EmitFields(bool withRow)
    {
        if (withRow)
        {
            _code.Line($"private static readonly {CodecNames.Formats}JsonNames {_methods.Root}Names = new(Columns);");
            _code.Line();
        }

        foreach (var value in _methods.Values.Where(static value => value is { Nullable: false, Tree.Kind: TreeKind.Object }))
        {
            if (_methods.ChoiceOf(value.Tree!) is { } choice)
            {
                new ChoiceEmitter(_code, _methods).EmitKinds(value, choice);
            }
            else
            {
                _code.Line($"private static readonly {CodecNames.Formats}JsonNames {_methods.Of(value)}Names = new(");
                _code.Line("[");
                using (_code.Indent())
                {
                    CodecNames.EmitColumnItems(_code, _methods.TypeOf(value.Tree!));
                }

                _code.Line("]);");
            }

            _code.Line();
        }
    }

    /// <summary>Emits the methods.</summary>
    /// <param name="withRow">Whether to include the method that reads the row itself.</param>
    public void Emit(bool withRow)
    {
        if (withRow)
        {
            EmitObject(_row, _row.Type, _row.IsValue, _methods.Root, isRow: true);
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
            $"private static bool {FieldMethod(column)}({CodecNames.Formats}TextRow fields, int column, {OutParameter(column)})"))
        {
            _code.Line("var json = fields.Tree(column);");
            _code.Line($"var isRead = {Read(column, "value")};");
            _code.Line("return fields.EndTree(column, isRead, in json);");
        }
    }

    private void EmitValue(ColumnModel value)
    {
        var tree = value.Tree!;
        if (!value.Nullable && _methods.ChoiceOf(tree) is { } choice)
        {
            new ChoiceEmitter(_code, _methods).EmitReader(value, choice);
            return;
        }

        if (!value.Nullable && tree.Kind == TreeKind.Object)
        {
            EmitObject(_methods.TypeOf(tree), value.Type, tree.IsValue, _methods.Of(value), isRow: false);
            return;
        }

        _code.Line();
        using (_code.Braces($"private static bool Read{_methods.Of(value)}(ref {Reader} json, {OutParameter(value)})"))
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

        var local = Identifier.Escape(new Names(["json", "value", "isRead"]).Take(Identifier.Camel(_methods.Of(sure))));
        _code.Line();
        _code.Line($"var isRead = {Read(sure, $"var {local}")};");
        _code.Line($"value = {local};");
        _code.Line("return isRead;");
    }

    private void EmitCollection(TreeModel tree)
    {
        var item = tree.Item!;
        var isDictionary = tree.Kind == TreeKind.Dictionary;
        _code.Line($"value = {ReadVariables.Nothing(tree.IsValue)};");
        _code.Line(
            $"var items = default({CodecNames.Formats}JsonItems<{(isDictionary ? $"global::System.Collections.Generic.KeyValuePair<string, {item.Type}>" : item.Type)}>);");
        using (_code.Braces($"if (!json.Begin{(isDictionary ? "Object" : "Array")}())"))
        {
            _code.Line("return false;");
        }

        _code.Line();
        using (_code.Braces(isDictionary
            ? $"while (json.NextKey(isFirst: items.Count == 0, column: {_texts++}, out var key))"
            : "while (json.NextItem(isFirst: items.Count == 0))"))
        {
            using (_code.Braces($"if (!{Read(item, $"{ReadVariables.TypeOfOut(item)} item")})"))
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

    private void EmitObject(RowModel type, TypeName valueType, bool isValue, string suffix, bool isRow)
    {
        var locals = CodecNames.Locals(type, "value", "members", "member", "isRead");
        var later = new OptionalColumns(type, locals, "members", Accessors, indexed: "member") { Target = "value" };
        var columnsInText = type.InText.ToList();
        _code.Line();
        _code.Line($"/// <summary>Reads an object of type {CSharp.Comment(type.Name)}.</summary>");
        using (_code.Braces($"private static bool Read{suffix}(ref {Reader} json, {ReadVariables.OutParameter(valueType, isValue)})"))
        {
            foreach (var (column, index) in columnsInText.Where(static item => item.Column.IsRead))
            {
                _code.Line(ReadVariables.Declaration(column, locals[index]));
            }

            _code.Line($"var members = default({CodecNames.Formats}JsonMembers);");
            _code.Line($"value = {ReadVariables.Nothing(isValue)};");
            using (_code.Braces("if (!json.BeginObject())"))
            {
                _code.Line("return false;");
            }

            _code.Line();
            using (_code.Braces($"while (json.NextMember({suffix}Names, ref members, out var member))"))
            {
                EmitMembers(columnsInText, locals, suffix, isRow);
            }

            _code.Line();
            using (_code.Braces($"if (!json.EndObject({suffix}Names, in members))"))
            {
                _code.Line("return false;");
            }

            _code.Line();
            var known = locals.Select((local, index) => ReadVariables.Known(type.Columns[index], local)).ToArray();
            _code.Line(
                $"value = {CodecNames.Construct(type, known, static column => column is { IsRead: true, Metadata: null } && !OptionalColumns.IsSetLater(column))};");
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

    private static string OutParameter(ColumnModel value) =>
        ReadVariables.OutParameter(value.Type, value.Nullable || value.Tree!.IsValue);

    private string Read(ColumnModel value, string target, int? text = null) => value.Tree switch
    {
        null =>
            $"json.{CodecNames.ReadCall(value, target, text ?? (value.Kind == ColumnKind.String ? _texts++ : 0), withIndex: false, isDeclared: true)}",
        { Kind: TreeKind.Element } => $"json.Read{(value.Nullable ? "Nullable" : "")}Element(out {target})",
        _ => $"Read{_methods.Of(value)}(ref json, out {target})",
    };
}
