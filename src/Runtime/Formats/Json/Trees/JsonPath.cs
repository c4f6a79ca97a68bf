using System.Text;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>Returns the path of a value in JSON, such as <c>$.customer.address[2].zip</c>.</summary>
internal static class JsonPath
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <param name="json">The JSON, valid up to the position.</param>
    /// <param name="at">The start of a value, or the end of an object or list.</param>
    /// <param name="column">The name of the JSON column in its row.</param>
    /// <param name="missing">The name of a missing member, or null.</param>
    public static string Of(ReadOnlySpan<byte> json, int at, string column, string? missing)
    {
        var open = new Stack<Level>();
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(AnyDepth));
        var isFound = false;
        while (!isFound && reader.Read())
        {
            isFound = reader.TokenStartIndex >= at;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    open.Peek().Name = NameOf(ref reader);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    if (open.TryPeek(out var level))
                    {
                        level.Index++;
                    }

                    if (!isFound && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
                    }

                    break;
            }
        }

        var path = new StringBuilder("$").Append(Step(column));
        foreach (var level in open.Reverse())
        {
            path.Append(level.IsList ? $"[{level.Index}]" : Step(level.Name));
        }

        return path.Append(missing == null ? "" : Step(missing)).ToString();
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static string Step(
        string name) => name.Length > 0 && name.All(static character => char.IsLetterOrDigit(character) || character is '_' or '-' or '$')
        ? "." + name
        : $"['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    private sealed class Level(bool isList)
    {
        public bool IsList => isList;

        public int Index { get; set; } = -1;

        public string Name { get; set; } = "";
    }
}
