using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits the methods that write, read and copy a class or struct of the user's, member by member.</summary>
internal static class RecordEmitter
{
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

        emitter.Write(value.Parts.Select((part, i) => (part, Member(value, i))));
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

        var members = new ReadEmitter(code, methods, []).Read(value.Parts.Select((part, i) => (part, value.Record.Members[i])));
        code.Line($"return {New(value, members)};");
    }

    public static void Detach(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        if (value.Record!.IsClass)
        {
            CollectionEmitter.ReturnNull(code);
            RequireExact(code, value);
        }

        code.Line($"return {New(value, [.. value.Parts.Select((part, i) => DetachEmitter.Expression(part, Member(value, i), methods))])};");
    }

    // A derived record would be saved as its base.
    private static void RequireExact(CodeWriter code, ValueModel value)
    {
        if (!value.Record!.IsSealed)
        {
            code.Line($"global::Penstock.State.StateTypes.RequireExact<{value.Type}>(value);");
        }
    }

    private static string New(ValueModel value, IReadOnlyList<string> members)
    {
        var record = value.Record!;
        var arguments = string.Join(", ", record.Arguments.Select(i => members[i]));
        var assignments = string.Join(", ", record.Assigned.Select(i => $"{Names.Escape(record.Members[i])} = {members[i]}"));
        return $"new {value.Type}({arguments}){(assignments.Length > 0 ? $" {{ {assignments} }}" : "")}";
    }

    private static string Member(ValueModel value, int index) => "value." + Names.Escape(value.Record!.Members[index]);
}
