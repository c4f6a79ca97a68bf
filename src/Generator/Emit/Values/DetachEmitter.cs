using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits deep copies that share no mutable memory. Immutable parts are not copied.</summary>
internal static class DetachEmitter
{
    private const string Packer = "global::MemoryPack.MemoryPackSerializer.";

    public static string Expression(ValueModel value, string expression, CodecMethods methods) => value.Kind switch
    {
        _ when !value.IsShared => expression,
        ValueKind.Bytes => $"({value.Type}){expression}?.Clone()",
        ValueKind.Tuple =>
            $"new {value.Type}({string.Join(", ", value.Parts.Select((part, i) => Expression(part, $"{expression}.Item{i + 1}", methods)))})",
        ValueKind.Nullable =>
            $"{expression}.HasValue ? {Expression(value.Parts[0], expression + ".GetValueOrDefault()", methods)} : default({value.Type})",
        ValueKind.Packable => $"{Packer}Deserialize<{value.Type}>({Packer}Serialize({expression}))",
        ValueKind.Codec => $"{ReadEmitter.CodecOf(value)}.Detach({expression})",
        _ => $"{methods.Detach(value)}({expression})",
    };

    /// <summary>The expression of <c>HasSharedParts</c>. Custom codecs are called only if nothing else is shared.</summary>
    public static string HasSharedParts(IEnumerable<ValueModel> values)
    {
        var codecs = new List<string>();
        return values.Any(value => Find(value, codecs)) ? "true"
            : codecs.Count == 0 ? "false"
            : string.Join(" || ", codecs.Distinct().Select(static codec => codec + ".IsMutable"));
    }

    private static bool Find(ValueModel value, List<string> codecs)
    {
        if (value.Kind == ValueKind.Codec)
        {
            codecs.Add(ReadEmitter.CodecOf(value));
            return false;
        }

        return value.IsMutable || value.Parts.Any(part => Find(part, codecs));
    }
}
