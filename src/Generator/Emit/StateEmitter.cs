using Penstock.Generator.Declarations;
using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Emits the state struct of an operator and the codec that writes it into checkpoints.</summary>
internal static class StateEmitter
{
    private const string Generic = "where TBuffer : class, global::System.Buffers.IBufferWriter<byte>";

    public static void Emit(CodeWriter code, OperatorDeclaration declaration, Dictionary<string, string> fields)
    {
        code.Line("/// <summary>The state of one key, as it lies in the table.</summary>");
        using (code.Braces("public struct State"))
        {
            foreach (var state in declaration.States)
            {
                code.Line($"internal {state.Type.Declared} {fields[state.Name]};");
            }
        }

        code.Line();
        code.Line("// What may be null is for the user's own code to tell: here it is written and read as it is.");
        code.Line("#nullable disable");
        code.Line("/// <summary>Writes the state into checkpoints, member by member.</summary>");
        using (code.Braces("public readonly struct StateCodec : global::Penstock.State.IStateCodec<State>"))
        {
            EmitCodec(code, declaration, fields);
        }

        code.Line("#nullable enable");
    }

    private static void EmitCodec(CodeWriter code, OperatorDeclaration declaration, Dictionary<string, string> fields)
    {
        // As in records: what is of a fixed size first, and never the order of the source.
        var states = declaration.States.OrderBy(static state => !state.Value.IsFixed).ThenBy(static state => state.Name, StringComparer.Ordinal).ToList();
        var ofState = declaration.Upgrades.ToLookup(static upgrade => upgrade.State!);
        var upgrades = states.SelectMany(state => ofState[state.Name].Select(upgrade => (Upgrade: upgrade, Result: state.Value))).ToList();
        var methods = new CodecMethods(states.Select(static state => state.Value), upgrades.SelectMany(static made => made.Upgrade.Takes).Select(static parameter => parameter.Value));
        code.Line("/// <inheritdoc/>");
        code.Line($"public static string Schema => {SchemaEmitter.Expression(states)};");
        code.Line();
        if (SchemaEmitter.Accepted(states, ofState) is { } accepted)
        {
            code.Line("/// <inheritdoc/>");
            code.Line($"public static string Accepts => {accepted};");
            code.Line();
        }

        EmitDetach(code, states, fields, methods);
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (Method(code, "public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, in State state)", isGeneric: true))
        {
            new WriteEmitter(code, methods).Write(states.Select(state => (state.Value, $"state.{fields[state.Name]}")));
        }

        code.Line();
        code.Line("/// <inheritdoc/>");
        using (Method(code, "public static void Read(ref global::MemoryPack.MemoryPackReader reader, out State state)"))
        {
            var values = new ReadEmitter(code, methods, ["state"]).Read(states.Select(static state => (state.Value, state.Name)));
            code.Line("state = default;");
            for (var i = 0; i < states.Count; i++)
            {
                code.Line($"state.{fields[states[i].Name]} = {values[i]};");
            }
        }

        if (upgrades.Count > 0)
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            using (Method(code, "public static void Upgrade<TBuffer>(int upgrade, ref global::MemoryPack.MemoryPackReader reader, ref global::MemoryPack.MemoryPackWriter<TBuffer> writer)", isGeneric: true))
            {
                UpgradeEmitter.Emit(code, declaration, upgrades, methods);
            }
        }

        foreach (var value in methods.Values)
        {
            EmitMethods(code, value, methods);
        }
    }

    private static void EmitDetach(CodeWriter code, List<StateDeclaration> states, Dictionary<string, string> fields, CodecMethods methods)
    {
        var shared = states.Where(static state => state.Value.IsShared).ToList();
        code.Line("/// <inheritdoc/>");
        code.Line($"public static bool HasSharedParts => {DetachEmitter.HasSharedParts(shared.Select(static state => state.Value))};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        if (shared.Count == 0)
        {
            code.Line("public static State Detach(in State state) => state;");
            return;
        }

        using (code.Braces("public static State Detach(in State state)"))
        {
            code.Line("var copy = state;");
            foreach (var state in shared)
            {
                code.Line($"copy.{fields[state.Name]} = {DetachEmitter.Expression(state.Value, $"state.{fields[state.Name]}", methods)};");
            }

            code.Line("return copy;");
        }
    }

    private static void EmitMethods(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        var isRecord = value.Kind == ValueKind.Record;
        var parameter = $"{(value.Record is { IsClass: false } ? "in " : "")}{value.Type} value";
        if (!methods.IsOnlyRead(value))
        {
            code.Line();
            using (Method(code, $"private static void {methods.Write(value)}<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, {parameter})", isGeneric: true))
            {
                (isRecord ? RecordEmitter.Write : (Emitter)CollectionEmitter.Write)(code, value, methods);
            }
        }

        code.Line();
        using (Method(code, $"private static {value.Type} {methods.Read(value)}(ref global::MemoryPack.MemoryPackReader reader)"))
        {
            (isRecord ? RecordEmitter.Read : (Emitter)CollectionEmitter.Read)(code, value, methods);
        }

        if (value.IsShared && !methods.IsOnlyRead(value))
        {
            code.Line();
            using (Method(code, $"private static {value.Type} {methods.Detach(value)}({parameter})"))
            {
                (isRecord ? RecordEmitter.Detach : (Emitter)CollectionEmitter.Detach)(code, value, methods);
            }
        }
    }

    private static CodeWriter.Block Method(CodeWriter code, string head, bool isGeneric = false)
    {
        code.Line(head);
        if (isGeneric)
        {
            using (code.Indent())
            {
                code.Line(Generic);
            }
        }

        return code.Braces();
    }

    private delegate void Emitter(CodeWriter code, ValueModel value, CodecMethods methods);
}
