using System.Globalization;

namespace Penstock.Generator.Shared;

/// <summary>
/// How dates and times are read and written in a format of their own. The build tries formats by these rules, and the columns go by them.
/// </summary>
internal static class TimeFormat
{
    /// <summary>The most bytes of a text that is read.</summary>
    public const int MaxLength = 256;

    /// <summary>Of DateTime: a text without an offset is UTC, and one without a date is not of the day on which the program runs.</summary>
    public const DateTimeStyles DateTimeStyle = DateTimeStyles.AssumeUniversal
        | DateTimeStyles.AdjustToUniversal
        | DateTimeStyles.NoCurrentDateDefault;

    /// <summary>Of DateTimeOffset, for which .NET has no such choice.</summary>
    public const DateTimeStyles DateTimeOffsetStyle = DateTimeStyles.AssumeUniversal;

    /// <summary>Of DateOnly and TimeOnly, for which there is none either.</summary>
    public const DateTimeStyles PartStyle = DateTimeStyles.None;

    /// <summary>Whether a format writes the offset from UTC.</summary>
    public static bool HasOffset(string format) => format.Length == 1 ? format[0] is 'o' or 'O' : HasAny(format, "zK");

    /// <summary>Whether a format of several characters has one of some letters outside of quotes and escapes.</summary>
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
