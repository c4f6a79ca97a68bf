using System.Globalization;
using Penstock.Generator.Shared;

namespace Penstock.Hosting;

/// <summary>
/// Parses values of settings in their text form, and names each kind for messages. A method returns null if it cannot parse the text.
/// </summary>
internal static class SettingText
{
    public const string ADuration = "a duration such as 500ms, 10s or 28h";
    public const string ASize = "a size such as 64KB, 16MB or 1GB";
    public const string AWholeNumber = "a whole number";
    public const string ANumber = "a number";
    public const string ATruth = "true or false";

    private const long MaxMicros = long.MaxValue / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan? Duration(string? text) =>
        Durations.TryParse(text, out var micros) && micros is >= -MaxMicros and <= MaxMicros
            ? TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond)
            : null;

    public static long? Size(string? text) => ByteSizes.TryParse(text, out var bytes) ? bytes : null;

    public static int? Int(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static long? Long(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A number that is too large parses as infinity, which is not a valid setting.
    public static double? Fraction(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public static bool? Truth(string? text) => bool.TryParse(text, out var truth) ? truth : null;

    public static T? Choice<T>(string? text)
        where T : struct, Enum =>
            Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text?.Trim(), StringComparison.OrdinalIgnoreCase)) is { } name
                ? Enum.Parse<T>(name)
                : null;

    public static string OneOf<T>()
        where T : struct, Enum => "one of " + string.Join(", ", Enum.GetNames<T>());
}
