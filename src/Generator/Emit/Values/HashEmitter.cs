using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits how a key is hashed, compared for equality and ordered. All three agree on which keys are equal.</summary>
internal static class HashEmitter
{
    private const string StableHash = "global::Penstock.State.StableHash.";

    /// <summary>The hash of a value, using the variable <c>secret</c>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="expression">The expression that reads it.</param>
    /// <param name="path">Its position in the key, which makes the names of variables unique.</param>
    public static string Hash(ValueModel value, string expression, string path = "0") => value.Kind switch
    {
        ValueKind.Enum => Hash(value.Parts[0], $"({value.Parts[0].Type}){expression}"),
        ValueKind.SByte or ValueKind.Byte or ValueKind.Int16 or ValueKind.UInt16 or ValueKind.Int32 or ValueKind.UInt32 =>
            $"{StableHash}Of((long){expression}, secret)",
        ValueKind.Nullable =>
            $"({expression} is {{ }} value{path} ? {Hash(value.Parts[0], $"value{path}", path + "_0")} : {StableHash}OfNull(secret))",
        ValueKind.Tuple => value.Parts
            .Select((part, i) => Hash(part, $"{expression}.Item{i + 1}", $"{path}_{i}"))
            .Aggregate(static (left, right) => $"{StableHash}Combine({left}, {right})"),
        _ => $"{StableHash}Of({expression}, secret)",
    };

    /// <summary>Whether two values are equal.</summary>
    public static string AreEqual(ValueModel value, string left, string right) => value.Kind switch
    {
        ValueKind.Tuple =>
            string.Join(" && ", value.Parts.Select((part, i) => AreEqual(part, $"{left}.Item{i + 1}", $"{right}.Item{i + 1}"))),
        _ => $"{left} == {right}",
    };

    /// <summary>The order of two values, as returned by <c>CompareTo</c>; null comes first.</summary>
    /// <param name="value">The type of the values.</param>
    /// <param name="left">The expression that reads the first value.</param>
    /// <param name="right">The expression that reads the second value.</param>
    /// <param name="path">Their position in the key, which makes the names of variables unique.</param>
    public static string Compare(ValueModel value, string left, string right, string path = "0") => value.Kind switch
    {
        ValueKind.String => $"string.CompareOrdinal({left}, {right})",
        ValueKind.Enum => $"(({value.Parts[0].Type}){left}).CompareTo(({value.Parts[0].Type}){right})",
        ValueKind.Nullable =>
            $"({left} is {{ }} left{path} ? {right} is {{ }} right{path} ? {Compare(value.Parts[0], $"left{path}", $"right{path}", path + "_0")} : 1 : {right} == null ? 0 : -1)",
        ValueKind.Tuple => value.Parts
            .Select((part, i) =>
                (Order: Compare(part, $"{left}.Item{i + 1}", $"{right}.Item{i + 1}", $"{path}_{i}"), Name: $"order{path}_{i}"))
            .Reverse()
            .Aggregate("0", static (rest, first) => rest == "0"
                ? first.Order
                : $"({first.Order} is not 0 and var {first.Name} ? {first.Name} : {rest})"),
        _ => $"{left}.CompareTo({right})",
    };
}
