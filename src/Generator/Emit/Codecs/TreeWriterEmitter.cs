using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits how objects, lists and dictionaries inside rows are written as JSON: a method for each type of value.</summary>
internal sealed class TreeWriterEmitter(CodeWriter code, RowModel row)
{
    private const string Writer = CodecNames.Formats + "JsonRowWriter";
    private const string Items = CodecNames.Formats + "JsonItems";

    private readonly TreeMethods _methods = new(row, isWritten: true);

    /// <summary>The statement that writes a member of the row.</summary>
    /// <param name="column">The column of the member.</param>
    /// <param name="json">The writer.</param>
    public string Write(ColumnModel column, string json) => Write(column, json, $"row.{CodecNames.Member(column)}", NameOf(row, column));

    /// <summary>Emits the methods.</summary>
    public void Emit()
    {
        foreach (var value in _methods.Values)
        {
            var mayBeNull = _methods.MayBeNull(value);
            var mark = mayBeNull && !value.Nullable ? "?" : "";
            code.Line();
            using (code.Braces($"private static void Write{_methods.Of(value)}({Writer} json, {value.Type}{mark} value)"))
            {
                if (mayBeNull)
                {
                    using (code.Braces("if (value is null)"))
                    {
                        code.Line("json.WriteNull();");
                        code.Line("return;");
                    }

                    code.Line();
                }

                if (!value.Nullable && _methods.ChoiceOf(value.Tree!) is { } choice)
                {
                    new ChoiceEmitter(code, _methods).EmitWriter(value, choice);
                }
                else
                {
                    EmitBody(value);
                }
            }

            if (!value.Nullable && _methods.ChoiceOf(value.Tree!) is { } variants)
            {
                EmitVariants(value, variants);
            }
        }
    }

    // The discriminator must come before the other members, as System.Text.Json requires.
    private void EmitVariants(ColumnModel value, ChoiceModel choice)
    {
        foreach (var (type, nested, suffix, told) in ChoiceEmitter.Written(_methods, value, choice))
        {
            code.Line();
            using (code.Braces($"private static void Write{suffix}({Writer} json, {type} value)"))
            {
                code.Line("var inside = json.Begin('{');");
                if (told != null)
                {
                    code.Line($"inside.Name({CodecNames.Literal($"\"{CodecNames.JsonEscaped(choice.Name)}\":{told}")}u8);");
                }

                EmitMembers(_methods.TypeOf(nested), told == null ? "" : ",");
                code.Line("json.Mark('}');");
            }
        }
    }

    private void EmitBody(ColumnModel value)
    {
        var tree = value.Tree!;
        if (value.Nullable)
        {
            code.Line(Write(TreeMethods.NonNullable(value), "json", "value.GetValueOrDefault()", value.Type.ToString()));
            return;
        }

        if (tree is { Kind: TreeKind.Object, IsValue: false } && !_methods.TypeOf(tree).IsSealed)
        {
            using (code.Braces($"if (value.GetType() != typeof({tree.Type}))"))
            {
                code.Line($"throw {CodecNames.Formats}RowGuard.UnknownType(value, typeof({tree.Type}));");
            }

            code.Line();
        }

        var bracket = tree.Kind is TreeKind.Array or TreeKind.List ? '[' : '{';
        code.Line($"var inside = json.Begin('{bracket}');");
        switch (tree.Kind)
        {
            case TreeKind.Object:
                EmitMembers(_methods.TypeOf(tree));
                break;
            case TreeKind.Dictionary:
                EmitEntries(tree.Item!);
                break;
            default:
                EmitItems(tree.Item!);
                break;
        }

        code.Line($"json.Mark('{(bracket == '[' ? ']' : '}')}');");
    }

    private void EmitMembers(RowModel type, string comma = "")
    {
        foreach (var (column, _) in type.InText)
        {
            code.Line($"inside.Name({CodecNames.Literal($"{comma}\"{CodecNames.JsonEscaped(column.Name)}\":")}u8);");
            code.Line(Write(column, "inside", $"value.{CodecNames.Member(column)}", NameOf(type, column)));
            comma = ",";
        }
    }

    private void EmitItems(ColumnModel item)
    {
        code.Line("var isFirst = true;");
        using (code.Braces($"foreach (var item in {Items}.Of<{item.Type}>(value))"))
        {
            using (code.Braces("if (!isFirst)"))
            {
                code.Line("json.Mark(',');");
            }

            code.Line();
            code.Line("isFirst = false;");
            code.Line(Write(item, "inside", "item", $"An item of a list of {Noun(item.Tree)}"));
        }

        code.Line();
    }

    private void EmitEntries(ColumnModel item)
    {
        code.Line("var isFirst = true;");
        using (code.Braces($"foreach (var (key, item) in {Items}.Of<{item.Type}>(value))"))
        {
            code.Line("inside.Key(key, isFirst);");
            code.Line("isFirst = false;");
            code.Line(Write(item, "inside", "item", $"A value of a dictionary of {Noun(item.Tree)}"));
        }

        code.Line();
    }

    // A null in a member that is not nullable would be read back as a bad row.
    private string Write(ColumnModel value, string json, string expression, string name) => value.Tree switch
    {
        null => $"{json}.{CodecNames.WriteCall(value, expression)};",
        { Kind: TreeKind.Element } => $"{json}.Write{(value.Nullable ? "Nullable" : "")}Element({expression});",
        { IsValue: false } when !value.Nullable =>
            $"Write{_methods.Of(value)}({json}, {expression} ?? "
                + $"throw {CodecNames.Formats}RowGuard.IsNull({CodecNames.Literal(name)}));",
        _ => $"Write{_methods.Of(value)}({json}, {expression});",
    };

    private string Noun(TreeModel? tree) => tree switch
    {
        null => "values",
        { Kind: TreeKind.Object } => _methods.TypeOf(tree).Name.TrimStart('@'),
        { Kind: TreeKind.Dictionary } => "dictionaries",
        _ => "lists",
    };

    private static string NameOf(RowModel type, ColumnModel column) => $"{type.Name.TrimStart('@')}.{column.Member.TrimStart('@')}";
}
