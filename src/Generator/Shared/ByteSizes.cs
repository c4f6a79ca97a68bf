using System.Globalization;

namespace Penstock.Generator.Shared;

/// <summary>Parses sizes such as <c>"64KB"</c>, <c>"32MB"</c> and <c>"1GB"</c>, in powers of 1024.</summary>
internal static class ByteSizes
{
    private static readonly (string Unit, int Shift)[] Units = [("KB", 10), ("MB", 20), ("GB", 30), ("TB", 40), ("B", 0)];

    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        var trimmed = text?.Trim() ?? "";
        foreach (var (unit, shift) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.Ordinal))
            {
                var number = trimmed.Substring(0, trimmed.Length - unit.Length).TrimEnd();
                if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                    || value > long.MaxValue >> shift)
                {
                    return false;
                }

                bytes = value << shift;
                return true;
            }
        }

        return false;
    }
}
