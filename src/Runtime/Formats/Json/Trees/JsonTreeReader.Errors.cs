using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Penstock.Formats;

/// <content>The description of errors and their position. Used only for rows in which fast reading has found an error.</content>
public ref partial struct JsonTreeReader
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    private static readonly string TooDeep = $"it is nested deeper than {MaxDepth} levels";

    /// <summary>The actual and the expected content, or null if it is only known that the JSON is not valid.</summary>
    internal readonly string? Error => _error;

    private readonly ReadOnlySpan<byte> All => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, _start), (int)(_end - _start));

    /// <summary>Returns the path of the error, such as <c>$.customer.address[2].zip</c>.</summary>
    /// <param name="column">The name of the column that was read.</param>
    internal readonly string PathOfError(string column) => JsonPath.Of(All, (int)(_errorAt - _start), column, _missing);

    /// <summary>Returns the reason why the text is not valid JSON.</summary>
    internal readonly string SyntaxError()
    {
        try
        {
            var reader = new Utf8JsonReader(All, AnyDepth);
            while (reader.Read())
            {
            }

            return "there is more than one value";
        }
        catch (JsonException error)
        {
            return JsonRowParser.Reason(error);
        }
    }

    // Records the actual content at this position and the expected one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fail(string expected)
    {
        var start = _at;
        if (_explains && TryField(out var field, out var rented))
        {
            Fail(start, field.Error(expected));
            Return(rented);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailMissing(JsonNames names, in JsonMembers members)
    {
        _missing = names.FirstMissing(in members);
        return Fail(_at, "the property is missing");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailDepth() => Fail(_at, TooDeep);

    private bool FailText(nint start) => Fail(start, "a text is not valid UTF-8, or has half of a surrogate pair (such as \\ud800 alone)");

    private bool Fail(nint at, string error)
    {
        (_errorAt, _error) = (at, error);
        return false;
    }
}
