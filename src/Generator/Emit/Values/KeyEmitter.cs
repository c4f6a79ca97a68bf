using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits the structs for keys of operators and of map states: extraction, hash, equality and codec.</summary>
internal static class KeyEmitter
{
    // Keys contain no collections or records.
    private static readonly CodecMethods NoMethods = new([]);

    private const string Invariant = "global::System.Globalization.CultureInfo.InvariantCulture";

    /// <summary>Emits the key of an operator's rows.</summary>
    public static void Emit(CodeWriter code, OperatorNode node, string name)
    {
        var key = node.Key!;
        code.Line(
            $"/// <summary>The key of {CSharp.Comment(node.Name)}: {CSharp.Comment(TextOf(node))}.</summary>");
        var form = node.FurtherKeys.Count > 0 ? $"IKey<{name}>" : $"IRowKey<{name}, {node.Kind.RowOf(node, 0).Name}>";
        using (code.Braces($"private readonly struct {name}({key.Value.Type} value) : global::Penstock.State.{form}"))
        {
            EmitBody(
                code,
                name,
                key.Value,
                key.Schema,
                BlittableLayout.SizeOf([key.Value]),
                key.Members.Count == 1 ? [] : [.. key.Members.Select(static member => member.Name)],
                [.. Enumerable.Range(0, node.FurtherKeys.Count + 1).Select(input => Conversion(node, input, name))]);
        }
    }

    /// <summary>The method of the key that reads it from a row of an input.</summary>
    public static string MethodOf(OperatorNode node, int input)
    {
        if (node.FurtherKeys.Count == 0)
        {
            return "Of";
        }

        var names = new Names([]);
        return node.Inputs.Take(input + 1).Select(name => names.Take("Of" + Identifier.Pascal(name))).Last();
    }

    /// <summary>The members of the key: those of each input, if they have different names.</summary>
    public static string TextOf(OperatorNode node)
    {
        var keys = node.FurtherKeys.Prepend(node.Key!).Select(static key => (Text: TextOf(key), key.Members.Count)).Distinct().ToList();
        return string.Join(" = ", keys.Select(key => keys.Count > 1 && key.Count > 1 ? $"({key.Text})" : key.Text));
    }

    /// <summary>The members of the key of an input.</summary>
    public static string TextOf(KeyModel key) => string.Join(", ", key.Members.Select(static member => member.Name));

    private static string Conversion(OperatorNode node, int input, string name)
    {
        var members = node.KeyOf(input).Members.Select(static member => $"row.{Identifier.Escape(member.Name)}").ToList();
        var value = members.Count == 1 ? members[0] : $"({string.Join(", ", members)})";
        return $"public static {name} {MethodOf(node, input)}(in {node.Kind.RowOf(node, input).Name} row) => new({value});";
    }

    /// <summary>Emits the key of a map state.</summary>
    public static void EmitOfMap(CodeWriter code, string state, string name, ValueModel key)
    {
        code.Line($"/// <summary>A key of {CSharp.Comment(state)}.</summary>");
        using (code.Braces($"internal readonly struct {name}({key.Type} value) : global::Penstock.State.IMapKey<{name}, {key.Type}>"))
        {
            EmitBody(
                code,
                name,
                key,
                ValueSchema.Plain.Of(key),
                blittableSize: 0,
                items: [],
                $"public static {name} Of({key.Type} value) => new(value);",
                $"public static {key.Type} ValueOf({name} key) => key.Value;");
        }
    }

    /// <param name="items">For a key of several members, their names.</param>
    private static void EmitBody(
        CodeWriter code,
        string name,
        ValueModel value,
        string schema,
        int blittableSize,
        IReadOnlyList<string> items,
        params string[] conversions)
    {
        code.Line($"public readonly {value.Type} Value = value;");
        code.Line();
        code.Line($"public static string Schema => {CSharp.Literal(schema)};");
        if (blittableSize > 0)
        {
            code.Line();
            code.Line($"public static int BlittableSize => {blittableSize};");
        }

        foreach (var conversion in conversions)
        {
            code.Line();
            code.Line(CSharp.Inline);
            code.Line(conversion);
        }

        code.Line();
        code.Line(CSharp.Inline);
        code.Line($"public static ulong Hash({name} key, ulong secret) => {HashEmitter.Hash(value, "key.Value")};");
        code.Line();
        code.Line(CSharp.Inline);
        code.Line($"public static bool Equals({name} left, {name} right) => {HashEmitter.AreEqual(value, "left.Value", "right.Value")};");
        code.Line();
        EmitCompare(code, name, value);
        code.Line();
        code.Line($"public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, {name} key)");
        using (code.Indent())
        {
            code.Line("where TBuffer : class, global::System.Buffers.IBufferWriter<byte>");
        }

        using (code.Braces())
        {
            new WriteEmitter(code, NoMethods).Write([(value, "key.Value")]);
        }

        code.Line();
        EmitRead(code, name, value, items);
        code.Line();
        code.Line($"public override string ToString() => {Text(value)};");
    }

    private static void EmitCompare(CodeWriter code, string name, ValueModel value)
    {
        var head = $"public static int Compare({name} left, {name} right)";
        var orders = HashEmitter.Order(value, "left.Value", "right.Value").ToList();
        if (orders.Count == 1)
        {
            code.Line($"{head} => {orders[0]};");
            return;
        }

        using (code.Braces(head))
        {
            code.Line($"var order = {orders[0]};");
            foreach (var order in orders.Skip(1).Take(orders.Count - 2))
            {
                using (code.Braces("if (order != 0)"))
                {
                    code.Line("return order;");
                }

                code.Line();
                code.Line($"order = {order};");
            }

            code.Line($"return order != 0 ? order : {orders[orders.Count - 1]};");
        }
    }

    private static void EmitRead(CodeWriter code, string name, ValueModel value, IReadOnlyList<string> items)
    {
        var read = $"public static {name} Read(ref global::MemoryPack.MemoryPackReader reader)";
        var emitter = new ReadEmitter(code, NoMethods, []);
        if (ReadEmitter.IsCall(value))
        {
            code.Line($"{read} => new({emitter.ReadLast(value, "value")});");
            return;
        }

        using (code.Braces(read))
        {
            code.Line(items.Count == 0
                ? $"return new({emitter.ReadLast(value, "value")});"
                : $"return new(({string.Join(", ", emitter.Read(value.Parts.Select((part, i) => (part, items[i]))))}));");
        }
    }

    private static string Text(ValueModel value) => value.Kind switch
    {
        ValueKind.String => "Value ?? \"null\"",
        ValueKind.Nullable => $"Value?.{ToText(value.Parts[0])} ?? \"\"",
        _ => "Value." + ToText(value),
    };

    // Numbers, dates and times have the same text under every culture.
    private static string ToText(ValueModel value) =>
        value.Kind is (>= ValueKind.SByte and <= ValueKind.Decimal)
            or ValueKind.DateTime or ValueKind.DateTimeOffset or ValueKind.DateOnly or ValueKind.TimeOnly
                ? $"ToString({Invariant})"
                : "ToString()";
}
