using System.Text;
using System.Text.Json;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Determines with System.Text.Json whether a line is a JSON object.</summary>
internal static class JsonObjects
{
    /// <summary>Throws if a row was read from a line that is not an object.</summary>
    public static void MustBeWhereRowsAre(byte[] line, int rows)
    {
        if (!line.Contains((byte)'\n') && rows > 0 && !IsObject(line))
        {
            throw new InvalidOperationException($"A row was read from what is no JSON object: {Encoding.UTF8.GetString(line)}");
        }
    }

    private static bool IsObject(byte[] line)
    {
        // A byte order mark may be at the start of a file.
        var json = line.AsSpan().StartsWith("\uFEFF"u8) ? line.AsSpan(3) : line;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
            }

            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
