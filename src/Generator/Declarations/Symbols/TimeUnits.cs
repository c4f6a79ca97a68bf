using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the unit that an attribute gives to numbers since 1970.</summary>
internal static class TimeUnits
{
    // In the order of the values of TimeUnit.
    private static readonly string[] Names = ["Seconds", "Milliseconds", "Microseconds", "Nanoseconds"];

    /// <summary>The unit as the enum names it; null when it is not given, or no value of the enum.</summary>
    public static string? Read(AttributeData attribute) =>
        attribute.Scalar<int>("Unit") is { } unit && unit >= 0 && unit < Names.Length ? Names[unit] : null;
}
