using System.Text;
using System.Text.Json;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Asks System.Text.Json what is a JSON object.</summary>
internal static class JsonObjects
{
    /// <summary>Throws where a row was read from a line that is no object.</summary>
    public static void MustBeWhereRowsAre(byte[] line, int rows)
    {
        if (!line.Contains((byte)'\n') && rows > 0 && !IsObject(line))
        {
            throw new InvalidOperationException($"A row was read from what is no JSON object: {Encoding.UTF8.GetString(line)}");
        }
    }

    private static bool IsObject(byte[] line)
    {
        // A byte order mark may stand at the start of a file.
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
