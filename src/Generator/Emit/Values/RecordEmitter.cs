using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits the methods that write, read and copy a class or struct of the user, member by member.</summary>
internal static class RecordEmitter
{
    private const string Result = "result";

    public static void Write(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        var emitter = new WriteEmitter(code, methods);
        if (value.Record!.IsClass)
        {
            using (code.Braces("if (value is null)"))
            {
                code.Line("writer.WriteUnmanaged(false);");
                code.Line("return;");
            }

            code.Line();
            RequireExact(code, value);
            emitter.Prefix("true");
        }

        emitter.Write(value.Parts.Select((part, i) => (part, Member(value, i, methods))));
    }

    public static void Read(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        if (value.Record!.IsClass)
        {
            using (code.Braces("if (!reader.ReadUnmanaged<bool>())"))
            {
                code.Line("return null;");
            }

            code.Line();
        }

        var members = new ReadEmitter(
            code,
            methods,
            value.Record.Direct.Count > 0 ? [Result] : []).Read(value.Parts.Select((part, i) => (part, value.Record.Members[i])));
        ReturnNew(code, value, members, methods);
    }

    public static void Detach(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        if (value.Record!.IsClass)
        {
            CollectionEmitter.ReturnNull(code);
            RequireExact(code, value);
        }

        ReturnNew(
            code,
            value,
            [.. value.Parts.Select((part, i) => DetachEmitter.Expression(part, Member(value, i, methods), methods))],
            methods);
    }

    /// <summary>Emits accessors for the fields of members whose accessors or constructor may compute.</summary>
    public static void Fields(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        foreach (var field in value.Record!.Direct)
        {
            code.Line();
            code.Line(
                $"[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = {CSharp.Literal(field.Name)})]");
            code.Line(
                $"private static extern ref {field.Type} {methods.Field(value, field)}({(field.IsOfValue ? "in " : "")}{field.Owner} value);");
        }
    }

    // A derived record would be saved as its base type.
    private static void RequireExact(CodeWriter code, ValueModel value)
    {
        if (!value.Record!.IsSealed)
        {
            code.Line($"global::Penstock.State.StateTypes.RequireExact<{value.Type}>(value);");
        }
    }

    private static void ReturnNew(CodeWriter code, ValueModel value, IReadOnlyList<string> members, CodecMethods methods)
    {
        var record = value.Record!;
        var arguments = string.Join(", ", record.Arguments.Select(i => members[i]));
        var assignments = string.Join(", ", record.Assigned.Select(i => $"{Identifier.Escape(record.Members[i])} = {members[i]}"));
        var made = assignments.Length == 0 ? $"new {value.Type}({arguments})"
            : $"new {value.Type}{(arguments.Length == 0 ? "" : $"({arguments})")} {{ {assignments} }}";
        if (record.Direct.Count == 0)
        {
            code.Line($"return {made};");
            return;
        }

        code.Line($"var {Result} = {made};");
        foreach (var field in record.Direct)
        {
            code.Line($"{methods.Field(value, field)}({Result}) = {members[field.Member]};");
        }

        code.Line($"return {Result};");
    }

    private static string Member(
        ValueModel value,
        int index,
        CodecMethods methods) => value.Record!.Direct.FirstOrDefault(field => field.Member == index) is { } direct
        ? $"{methods.Field(value, direct)}(value)"
        : "value." + Identifier.Escape(value.Record.Members[index]);
}
