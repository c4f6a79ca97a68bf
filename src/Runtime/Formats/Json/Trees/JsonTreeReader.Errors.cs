using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Penstock.Formats;

/// <content>What is wrong, and where: only a row that was bad when it was read quickly is asked about it.</content>
public ref partial struct JsonTreeReader
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    private static readonly string TooDeep = $"it is nested deeper than {MaxDepth} levels";

    /// <summary>What was found and what was expected; null where nothing is known, but that it is not valid JSON.</summary>
    internal readonly string? Error => _error;

    private readonly ReadOnlySpan<byte> All => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, _start), (int)(_end - _start));

    /// <summary>Where the error is, such as <c>$.customer.address[2].zip</c>.</summary>
    /// <param name="column">The name of the column that was read.</param>
    internal readonly string PathOfError(string column) => JsonPath.Of(All, (int)(_errorAt - _start), column, _missing);

    /// <summary>Why the text is not valid JSON.</summary>
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

    // Says what stands here in the place of something else.
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
