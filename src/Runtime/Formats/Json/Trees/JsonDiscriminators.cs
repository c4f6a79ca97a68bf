using System.ComponentModel;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>The values of the member that determines the type of an object.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class JsonDiscriminators
{
    /// <summary>The object has no such member.</summary>
    public const int None = -1;

    /// <summary>The object has a value that is not known.</summary>
    public const int Unknown = -2;

    /// <summary>The text is not an object.</summary>
    internal const int Invalid = -3;

    private readonly string[] _values;
    private readonly byte[][] _texts;
    private readonly long?[] _numbers;

    /// <summary>Creates the values of a member.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="values">The possible values as JSON: strings and whole numbers.</param>
    public JsonDiscriminators(string name, string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Name = name;
        Utf8Name = System.Text.Encoding.UTF8.GetBytes(name);
        _values = values;
        _texts = new byte[values.Length][];
        _numbers = new long?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(values[i]));
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            _texts[i] = isText ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : [];
            _numbers[i] = isText ? null : reader.GetInt64();
        }
    }

    internal string Name { get; }

    internal byte[] Utf8Name { get; }

    internal string Expected => $"one of {string.Join(", ", _values)}";

    internal int Find(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < _texts.Length; i++)
        {
            if (_numbers[i] == null && text.SequenceEqual(_texts[i]))
            {
                return i;
            }
        }

        return Unknown;
    }

    internal int Find(long number)
    {
        var index = Array.IndexOf(_numbers, number);
        return index < 0 ? Unknown : index;
    }
}
