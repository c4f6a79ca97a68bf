using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits how a key is hashed, compared for equality and ordered. All three agree on which keys are equal.</summary>
internal static class HashEmitter
{
    private const string StableHash = "global::Penstock.State.StableHash.";

    /// <summary>The hash of a value, using the variable <c>secret</c>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="expression">The expression that reads it.</param>
    /// <param name="path">Its place in the key: the names of the items around it. It makes the names of variables unique.</param>
    public static string Hash(ValueModel value, string expression, string path = "") => value.Kind switch
    {
        ValueKind.Enum => Hash(value.Parts[0], $"({value.Parts[0].Type}){expression}"),
        ValueKind.SByte or ValueKind.Byte or ValueKind.Int16 or ValueKind.UInt16 or ValueKind.Int32 or ValueKind.UInt32 =>
            $"{StableHash}Of((long){expression}, secret)",
        ValueKind.Nullable =>
            $"({expression} is {{ }} {Identifier.Camel(path)} ? {Hash(value.Parts[0], Identifier.Camel(path), path)} : {StableHash}OfNull(secret))",
        ValueKind.Tuple => value.Parts
            .Select((part, i) => Hash(part, $"{expression}.Item{i + 1}", $"{path}Item{i + 1}"))
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

    /// <summary>
    /// The order of two values, as expressions like <c>CompareTo</c>: the first one that is not zero decides. Null comes first.
    /// </summary>
    /// <param name="value">The type of the values.</param>
    /// <param name="left">The expression that reads the first value.</param>
    /// <param name="right">The expression that reads the second value.</param>
    public static IEnumerable<string> Order(ValueModel value, string left, string right) => value.Kind switch
    {
        ValueKind.String => [$"string.CompareOrdinal({left}, {right})"],
        ValueKind.Enum => [$"(({value.Parts[0].Type}){left}).CompareTo(({value.Parts[0].Type}){right})"],

        // The items of two nulls are equal.
        ValueKind.Nullable when value.Parts[0].Kind == ValueKind.Tuple =>
        [
            $"{left}.HasValue.CompareTo({right}.HasValue)",
            .. Order(value.Parts[0], $"{left}.GetValueOrDefault()", $"{right}.GetValueOrDefault()"),
        ],
        ValueKind.Nullable => [$"global::System.Nullable.Compare({left}, {right})"],
        ValueKind.Tuple => value.Parts.SelectMany((part, i) => Order(part, $"{left}.Item{i + 1}", $"{right}.Item{i + 1}")),
        _ => [$"{left}.CompareTo({right})"],
    };
}
