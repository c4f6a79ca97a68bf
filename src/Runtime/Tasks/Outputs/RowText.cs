using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>Shows a row in an error message, where the options allow it.</summary>
internal static class RowText
{
    public static string Of<T>(Batch<T> batch, int index, PipelineOptions options)
    {
        if (!options.IncludeRowText)
        {
            return "";
        }

        try
        {
            return string.Create(CultureInfo.InvariantCulture, $" The row: {batch.Rows[index]}.");
        }
        catch (Exception error)
        {
            // A member that throws may be what the message is about.
            return $" The row cannot be shown: {error.GetType().Name}: {error.Message}";
        }
    }
}
