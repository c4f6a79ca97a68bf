namespace Penstock.Generator.Schemas;

/// <summary>Determines which numeric types can represent all values of which others.</summary>
internal static class Widening
{
    // The number of bits of the integer types, without the sign.
    private static readonly Dictionary<string, (int Bits, bool IsSigned)> Integers = new()
    {
        ["char"] = (16, false),
        ["byte"] = (8, false),
        ["sbyte"] = (7, true),
        ["uint16"] = (16, false),
        ["int16"] = (15, true),
        ["uint32"] = (32, false),
        ["int32"] = (31, true),
        ["uint64"] = (64, false),
        ["int64"] = (63, true),
    };

    public static bool IsNumber(string name) => Integers.ContainsKey(name) || name is "float32" or "float64" or "decimal";

    /// <summary>Whether the second type can represent every value of the first exactly.</summary>
    public static bool Fits(string from, string to)
    {
        if (!Integers.TryGetValue(from, out var integer))
        {
            return from == "float32" && to == "float64";
        }

        return to switch
        {
            "float32" => integer.Bits <= 24,
            "float64" => integer.Bits <= 53,
            "decimal" => true,
            "char" => false,
            _ => Integers.TryGetValue(to, out var larger) && larger.Bits >= integer.Bits && (larger.IsSigned || !integer.IsSigned),
        };
    }
}
