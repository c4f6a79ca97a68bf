using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Emits how the value of a key is hashed and compared.</summary>
internal static class HashEmitter
{
    private const string StableHash = "global::Penstock.State.StableHash.";

    public static string Hash(ValueModel value, string expression, int depth = 0) => value.Kind switch
    {
        ValueKind.Enum => Hash(value.Parts[0], $"({value.Parts[0].Type}){expression}"),
        ValueKind.SByte or ValueKind.Byte or ValueKind.Int16 or ValueKind.UInt16 or ValueKind.Int32 or ValueKind.UInt32 => $"{StableHash}Of((long){expression})",
        ValueKind.Nullable => $"({expression} is {{ }} value{depth} ? {Hash(value.Parts[0], $"value{depth}", depth + 1)} : {StableHash}OfNull)",
        ValueKind.Tuple => value.Parts
            .Select((part, i) => Hash(part, $"{expression}.Item{i + 1}", depth + i * 8))
            .Aggregate(static (left, right) => $"{StableHash}Combine({left}, {right})"),
        _ => $"{StableHash}Of({expression})",
    };

    public static string AreEqual(ValueModel value, string left, string right) => value.Kind switch
    {
        ValueKind.String => $"string.Equals({left}, {right})",
        ValueKind.Tuple => string.Join(" && ", value.Parts.Select((part, i) => AreEqual(part, $"{left}.Item{i + 1}", $"{right}.Item{i + 1}"))),
        _ => $"{left} == {right}",
    };
}
