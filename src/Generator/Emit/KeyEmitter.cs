using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Emits the key struct of a keyed operator: extraction, hash, equality and codec.</summary>
internal static class KeyEmitter
{
    // A key holds no collections and no records.
    private static readonly CodecMethods NoMethods = new([]);

    public static void Emit(CodeWriter code, OperatorNode node, string name)
    {
        var key = node.Key!;
        var row = node.Operator.Input.Name;
        var members = key.Members.Select(static member => $"row.{Names.Escape(member.Name)}{(member.IsNullable ? "!" : "")}").ToList();
        code.Line();
        code.Line($"/// <summary>The key of {CSharp.Comment(node.Name)}: {CSharp.Comment(string.Join(", ", key.Members.Select(static member => member.Name)))}.</summary>");
        using (code.Braces($"private readonly struct {name}({key.Value.Type} value) : global::Penstock.State.IKey<{name}>"))
        {
            code.Line($"public readonly {key.Value.Type} Value = value;");
            code.Line();
            var schema = string.Join(",", key.Members.Select(static member => SchemaEmitter.Text(member.Value)));
            code.Line($"public static string Schema => {CSharp.Literal(schema)};");
            code.Line();
            code.Line(CSharp.Inline);
            code.Line($"public static {name} Of(in {row} row) => new({(members.Count == 1 ? members[0] : $"({string.Join(", ", members)})")});");
            code.Line();
            code.Line(CSharp.Inline);
            code.Line($"public static ulong Hash({name} key) => {HashEmitter.Hash(key.Value, "key.Value")};");
            code.Line();
            code.Line(CSharp.Inline);
            code.Line($"public static bool Equals({name} left, {name} right) => {HashEmitter.AreEqual(key.Value, "left.Value", "right.Value")};");
            code.Line();
            code.Line($"public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, {name} key)");
            using (code.Indent())
            {
                code.Line("where TBuffer : class, global::System.Buffers.IBufferWriter<byte>");
            }

            using (code.Braces())
            {
                new WriteEmitter(code, NoMethods).Write([(key.Value, "key.Value")]);
            }

            code.Line();
            using (code.Braces($"public static {name} Read(ref global::MemoryPack.MemoryPackReader reader)"))
            {
                var values = new ReadEmitter(code, NoMethods, []).Read([(key.Value, "value")]);
                code.Line($"return new({values[0]});");
            }

            code.Line();
            code.Line($"public override string ToString() => {Text(key.Value)};");
        }
    }

    private static string Text(ValueModel value) => value.Kind switch
    {
        ValueKind.String => "Value ?? \"null\"",
        _ => "global::System.FormattableString.Invariant($\"{Value}\")",
    };
}
