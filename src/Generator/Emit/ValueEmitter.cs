using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits how a value is hashed, compared, written and read. Values are written one by one, never as the memory of a struct:
/// padding and layout are no format.
/// </summary>
internal static class ValueEmitter
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

    /// <summary>Writes the statements that write a value to <c>writer</c>.</summary>
    public static void Write(CodeWriter code, ValueModel value, string expression)
    {
        switch (value.Kind)
        {
            case ValueKind.Nullable:
                code.Line($"writer.WriteUnmanaged({expression}.HasValue);");
                using (code.Braces($"if ({expression}.HasValue)"))
                {
                    Write(code, value.Parts[0], $"{expression}.Value");
                }

                break;
            case ValueKind.Tuple:
                for (var i = 0; i < value.Parts.Count; i++)
                {
                    Write(code, value.Parts[i], $"{expression}.Item{i + 1}");
                }

                break;
            case ValueKind.Enum:
                Write(code, value.Parts[0], $"({value.Parts[0].Type}){expression}");
                break;
            default:
                code.Line(value.Kind switch
                {
                    ValueKind.String => $"writer.WriteString({expression});",
                    ValueKind.Bytes => $"writer.WriteUnmanagedArray({expression});",
                    ValueKind.Packable => $"writer.WritePackable({expression});",
                    ValueKind.DateTime => $"writer.WriteUnmanaged({expression}.ToBinary());",
                    ValueKind.DateTimeOffset => $"writer.WriteUnmanaged({expression}.Ticks, {expression}.Offset.Ticks);",
                    ValueKind.DateOnly => $"writer.WriteUnmanaged({expression}.DayNumber);",
                    ValueKind.TimeOnly or ValueKind.TimeSpan => $"writer.WriteUnmanaged({expression}.Ticks);",
                    _ => $"writer.WriteUnmanaged({expression});",
                });
                break;
        }
    }

    /// <summary>The expression of a copy that shares no memory which may be changed in place.</summary>
    public static string Detach(ValueModel value, string expression) => value switch
    {
        { IsShared: false } => expression,
        { Kind: ValueKind.Bytes } => $"({value.Type}){expression}?.Clone()!",
        { Kind: ValueKind.Tuple } => $"new {value.Type}({string.Join(", ", value.Parts.Select((part, i) => Detach(part, $"{expression}.Item{i + 1}")))})",
        { Kind: ValueKind.Nullable } => $"({expression}.HasValue ? {Detach(value.Parts[0], expression + ".Value")} : default({value.Type}))",
        _ => $"global::MemoryPack.MemoryPackSerializer.Deserialize<{value.Type}>(global::MemoryPack.MemoryPackSerializer.Serialize({expression}))!",
    };

    /// <summary>The expression that reads a value back from <c>reader</c>.</summary>
    public static string Read(ValueModel value) => value.Kind switch
    {
        ValueKind.Nullable => $"reader.ReadUnmanaged<bool>() ? {Read(value.Parts[0])} : default({value.Type})",
        ValueKind.Tuple => $"new {value.Type}({string.Join(", ", value.Parts.Select(static part => part.Kind == ValueKind.Nullable ? $"({Read(part)})" : Read(part)))})",
        ValueKind.Enum => $"({value.Type}){Read(value.Parts[0])}",
        ValueKind.String => "reader.ReadString()!",
        ValueKind.Bytes => "reader.ReadUnmanagedArray<byte>()!",
        ValueKind.Packable => $"reader.ReadPackable<{value.Type}>()!",
        ValueKind.DateTime => "global::System.DateTime.FromBinary(reader.ReadUnmanaged<long>())",
        ValueKind.DateTimeOffset => "new global::System.DateTimeOffset(reader.ReadUnmanaged<long>(), new global::System.TimeSpan(reader.ReadUnmanaged<long>()))",
        ValueKind.DateOnly => "global::System.DateOnly.FromDayNumber(reader.ReadUnmanaged<int>())",
        ValueKind.TimeOnly => "new global::System.TimeOnly(reader.ReadUnmanaged<long>())",
        ValueKind.TimeSpan => "new global::System.TimeSpan(reader.ReadUnmanaged<long>())",
        _ => $"reader.ReadUnmanaged<{value.Type}>()",
    };
}
