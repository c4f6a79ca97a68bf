using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the unit of numbers since 1970 from an attribute.</summary>
internal static class TimeUnits
{
    // In the order of the values of TimeUnit.
    private static readonly string[] Names = ["Seconds", "Milliseconds", "Microseconds", "Nanoseconds"];

    /// <summary>The unit by its name in the enum; null if it is not set or is not a value of the enum.</summary>
    public static string? Read(AttributeData attribute) =>
        attribute.Scalar<int>("Unit") is { } unit && unit >= 0 && unit < Names.Length ? Names[unit] : null;
}
