using Penstock.Generator.Declarations;

namespace Penstock.Generator.Emit;

/// <summary>Emits the state struct of an operator and the codec that writes it into checkpoints.</summary>
internal static class StateEmitter
{
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
        code.Line("/// <summary>Writes the state into checkpoints, member by member.</summary>");
        using (code.Braces("public readonly struct StateCodec : global::Penstock.State.IStateCodec<State>"))
        {
            var schema = string.Join(";", declaration.States.Select(static state => $"{state.Name}:{state.Value.Schema}"));
            code.Line("/// <inheritdoc/>");
            code.Line($"public static string Schema => {CSharp.Literal(schema)};");
            code.Line();
            EmitDetach(code, declaration, fields);
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line("public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, in State state)");
            using (code.Indent())
            {
                code.Line("where TBuffer : class, global::System.Buffers.IBufferWriter<byte>");
            }

            using (code.Braces())
            {
                foreach (var state in declaration.States)
                {
                    ValueEmitter.Write(code, state.Value, $"state.{fields[state.Name]}");
                }
            }

            code.Line();
            code.Line("/// <inheritdoc/>");
            using (code.Braces("public static void Read(ref global::MemoryPack.MemoryPackReader reader, out State state)"))
            {
                code.Line("state = default;");
                foreach (var state in declaration.States)
                {
                    code.Line($"state.{fields[state.Name]} = {ValueEmitter.Read(state.Value)};");
                }
            }
        }
    }

    private static void EmitDetach(CodeWriter code, OperatorDeclaration declaration, Dictionary<string, string> fields)
    {
        var shared = declaration.States.Where(static state => state.Value.IsShared).ToList();
        code.Line("/// <inheritdoc/>");
        code.Line($"public static bool HasSharedParts => {(shared.Count > 0 ? "true" : "false")};");
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
                code.Line($"copy.{fields[state.Name]} = {ValueEmitter.Detach(state.Value, $"state.{fields[state.Name]}")};");
            }

            code.Line("return copy;");
        }
    }
}
