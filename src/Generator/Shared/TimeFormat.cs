using System.Globalization;

namespace Penstock.Generator.Shared;

/// <summary>
/// How dates and times are read and written in a custom format. The build tests formats with these rules, and columns use them at run time.
/// </summary>
internal static class TimeFormat
{
    /// <summary>The maximum length of a string that is read, in bytes.</summary>
    public const int MaxLength = 256;

    /// <summary>The style for DateTime: a string without an offset is UTC, and one without a date does not get the current date.</summary>
    public const DateTimeStyles DateTimeStyle = DateTimeStyles.AssumeUniversal
        | DateTimeStyles.AdjustToUniversal
        | DateTimeStyles.NoCurrentDateDefault;

    /// <summary>The style for DateTimeOffset, for which .NET has no such option.</summary>
    public const DateTimeStyles DateTimeOffsetStyle = DateTimeStyles.AssumeUniversal;

    /// <summary>The style for DateOnly and TimeOnly, for which .NET has no such option either.</summary>
    public const DateTimeStyles PartStyle = DateTimeStyles.None;

    /// <summary>Whether a format writes the offset from UTC.</summary>
    public static bool HasOffset(string format) => format.Length == 1 ? format[0] is 'o' or 'O' : HasAny(format, "zK");

    /// <summary>Whether a custom format contains one of some letters outside of quotes and escapes.</summary>
    public static bool HasAny(string format, string letters)
    {
        var quote = '\0';
        for (var i = 0; i < format.Length; i++)
        {
            var letter = format[i];
            if (letter == '\\')
            {
                i++;
            }
            else if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letters.IndexOf(letter) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
