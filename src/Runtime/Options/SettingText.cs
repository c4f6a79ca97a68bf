using System.Globalization;
using Penstock.Generator.Shared;

namespace Penstock.Hosting;

/// <summary>
/// Parses values of settings in their text form, and names each kind for messages. A method returns null if it cannot parse the text.
/// </summary>
internal static class SettingText
{
    public const string DurationForm = "a duration such as 500ms, 10s or 28h";
    public const string SizeForm = "a size such as 64KB, 16MB or 1GB";
    public const string IntegerForm = "a whole number";
    public const string NumberForm = "a number";
    public const string BooleanForm = "true or false";

    private const long MaxMicros = long.MaxValue / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan? ParseDuration(string? text) =>
        Durations.TryParse(text, out var micros) && micros is >= -MaxMicros and <= MaxMicros
            ? TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond)
            : null;

    public static long? ParseSize(string? text) => ByteSizes.TryParse(text, out var bytes) ? bytes : null;

    public static int? ParseInt32(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static long? ParseInt64(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A number that is too large parses as infinity, which is not a valid setting.
    public static double? ParseDouble(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public static bool? ParseBoolean(string? text) => bool.TryParse(text, out var truth) ? truth : null;

    public static T? ParseEnum<T>(string? text)
        where T : struct, Enum =>
            Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text?.Trim(), StringComparison.OrdinalIgnoreCase)) is { } name
                ? Enum.Parse<T>(name)
                : null;

    public static string OneOf<T>()
        where T : struct, Enum => "one of " + string.Join(", ", Enum.GetNames<T>());
}
