using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>
/// Emits the methods that write, read and copy a collection: the number of its elements, or -1 for null, then the elements.
/// </summary>
internal static class CollectionEmitter
{
    private const string Marshal = "global::System.Runtime.InteropServices.CollectionsMarshal.";
    private const string ImmutableMarshal = "global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.";

    public static void Write(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        if (IsBulk(value) && value.Kind != ValueKind.List)
        {
            code.Line($"writer.WriteUnmanagedArray({(value.Kind == ValueKind.Array ? "value" : ImmutableMarshal + "AsArray(value)")});");
            return;
        }

        using (code.Braces($"if ({IsNull(value)})"))
        {
            code.Line("writer.WriteNullCollectionHeader();");
            code.Line("return;");
        }

        code.Line();
        if (IsBulk(value))
        {
            code.Line($"writer.WriteUnmanagedSpan({Marshal}AsSpan(value));");
            return;
        }

        code.Line($"writer.WriteCollectionHeader(value.{Count(value)});");
        using (code.Braces(Each(value)))
        {
            new WriteEmitter(code, methods).Write(Elements(value));
        }
    }

    public static void Read(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        var element = value.Parts[0].Type;
        if (IsBulk(value) && value.Kind != ValueKind.List)
        {
            var array = $"reader.ReadUnmanagedArray<{element}>()";
            code.Line($"return {(value.Kind == ValueKind.Array ? array : $"{ImmutableMarshal}AsImmutableArray({array})")};");
            return;
        }

        using (code.Braces("if (!reader.DangerousTryReadCollectionHeader(out var count))"))
        {
            code.Line(value.Kind == ValueKind.ImmutableArray ? "return default;" : "return null;");
        }

        code.Line();
        code.Line($"var value = {New(value, "count")};");
        if (IsBulk(value))
        {
            code.Line($"{Marshal}SetCount(value, count);");
            code.Line($"var elements = {Marshal}AsSpan(value);");
            code.Line("reader.ReadSpanWithoutReadLengthHeader(count, ref elements);");
        }
        else
        {
            using (code.Braces("for (var i = 0; i < count; i++)"))
            {
                var emitter = new ReadEmitter(code, methods, ["value", "count", "i"]);
                code.Line(Put(value, "value", "i", value.Parts.Count == 1
                    ? [emitter.ReadLast(value.Parts[0], "element")]
                    : emitter.Read([(value.Parts[0], "key"), (value.Parts[1], "entry")])));
            }

            code.Line();
        }

        code.Line($"return {End(value, "value")};");
    }

    public static void Detach(CodeWriter code, ValueModel value, CodecMethods methods)
    {
        if (value.Kind == ValueKind.ImmutableArray)
        {
            using (code.Braces($"if ({IsNull(value)})"))
            {
                code.Line("return default;");
            }

            code.Line();
        }
        else
        {
            ReturnNull(code);
        }

        if (!value.Parts.Any(static part => part.IsShared))
        {
            code.Line(value.Kind switch
            {
                ValueKind.Array => $"return ({value.Type})value.Clone();",
                ValueKind.List => $"return new {value.Type}(value);",
                _ => $"return new {value.Type}(value, value.Comparer);",
            });
            return;
        }

        code.Line($"var copy = {NewLike(value)};");
        if (IsIndexed(value))
        {
            code.Line("var i = 0;");
        }

        using (code.Braces(Each(value)))
        {
            code.Line(Put(
                value,
                "copy",
                "i++",
                [.. Elements(value).Select(part => DetachEmitter.Expression(part.Value, part.Expression, methods))]));
        }

        code.Line();
        code.Line($"return {End(value, "copy")};");
    }

    public static void ReturnNull(CodeWriter code)
    {
        using (code.Braces("if (value is null)"))
        {
            code.Line("return null;");
        }

        code.Line();
    }

    // Elements that are written as raw memory.
    private static bool IsBulk(ValueModel value) =>
        value.Kind is ValueKind.Array or ValueKind.List or ValueKind.ImmutableArray && value.Parts[0].IsRaw;

    private static bool IsIndexed(ValueModel value) => value.Kind is ValueKind.Array or ValueKind.ImmutableArray;

    private static string IsNull(ValueModel value) => value.Kind == ValueKind.ImmutableArray ? "value.IsDefault" : "value is null";

    private static string Count(ValueModel value) => IsIndexed(value) ? "Length" : "Count";

    // Enumerates elements without copying them, if possible.
    private static string Each(ValueModel value) => value.Kind switch
    {
        ValueKind.Array => $"foreach (ref readonly var item in new global::System.ReadOnlySpan<{value.Parts[0].Type}>(value))",
        ValueKind.List => $"foreach (ref readonly var item in {Marshal}AsSpan(value))",
        ValueKind.ImmutableArray => "foreach (ref readonly var item in value.AsSpan())",
        _ => "foreach (var item in value)",
    };

    private static IEnumerable<(ValueModel Value, string Expression)> Elements(ValueModel value) =>
        value.Parts.Count == 1 ? [(value.Parts[0], "item")] : [(value.Parts[0], "item.Key"), (value.Parts[1], "item.Value")];

    private static string New(ValueModel value, string count) => value.Kind switch
    {
        ValueKind.Array or ValueKind.ImmutableArray => NewArray($"{value.Parts[0].Type}", count),
        ValueKind.List or ValueKind.HashSet or ValueKind.Dictionary => $"new {value.Type}({count})",
        _ =>
            $"global::System.Collections.Immutable.{value.Kind}.CreateBuilder<{string.Join(", ", value.Parts.Select(static part => part.Type))}>()",
    };

    private static string NewLike(ValueModel value) => value.Kind switch
    {
        ValueKind.HashSet or ValueKind.Dictionary => $"new {value.Type}(value.Count, value.Comparer)",
        ValueKind.ImmutableList or ValueKind.ImmutableHashSet or ValueKind.ImmutableDictionary => "value.Clear().ToBuilder()",
        _ => New(value, "value." + Count(value)),
    };

    // If elements are arrays themselves, the length comes before their brackets.
    private static string NewArray(string element, string count)
    {
        var inner = element;
        while (inner.EndsWith("[]", StringComparison.Ordinal))
        {
            inner = inner.Substring(0, inner.Length - 2);
        }

        return $"new {inner}[{count}]{element.Substring(inner.Length)}";
    }

    // Dictionaries are filled by assignment, not Add: entries that only a custom comparer distinguished must not make the restore fail.
    private static string Put(ValueModel value, string target, string index, IReadOnlyList<string> parts) => value.Kind switch
    {
        ValueKind.Array or ValueKind.ImmutableArray => $"{target}[{index}] = {parts[0]};",
        ValueKind.Dictionary or ValueKind.ImmutableDictionary => $"{target}[{parts[0]}] = {parts[1]};",
        _ => $"{target}.Add({parts[0]});",
    };

    private static string End(ValueModel value, string target) => value.Kind switch
    {
        ValueKind.ImmutableArray => $"{ImmutableMarshal}AsImmutableArray({target})",
        ValueKind.ImmutableList or ValueKind.ImmutableHashSet or ValueKind.ImmutableDictionary => $"{target}.ToImmutable()",
        _ => target,
    };
}
