using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>Returns a row as text for an error message, if the options allow it.</summary>
internal static class RowText
{
    public static string Of<T>(Batch<T> batch, int index, PipelineOptions options) => Of(in batch.Rows[index], options);

    public static string Of<T>(in T row, PipelineOptions options)
    {
        if (!options.IncludeRowText)
        {
            return "";
        }

        try
        {
            return string.Create(CultureInfo.InvariantCulture, $" The row: {row}.");
        }
        catch (Exception error)
        {
            // The member that throws may be the reason for the message.
            return $" The row cannot be shown: {error.GetType().Name}: {error.Message}";
        }
    }
}
