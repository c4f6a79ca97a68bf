using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Reads JSON of any form, value by value, as generated code asks for them: members in any order, escapes, white space. Every method
/// answers false where there is not what it was asked for; the reader is then nowhere.
/// </summary>
/// <remarks>
/// Behind the text there are a line end and <see cref="Slack"/> readable bytes. No value can be read past that line end, which is why
/// little here tests for the end of the text.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct JsonTreeReader
{
    /// <summary>How deep objects, lists and dictionaries may be nested, the row itself included.</summary>
    public const int MaxDepth = 64;

    /// <summary>How many bytes must be readable behind the text, the first of them a line end.</summary>
    internal const int Slack = CsvCursor.Slack + 1;

    private readonly ref byte _data;
    private readonly StringCache _strings;

    // Line ends before it are white space. In a file of lines there are none.
    private readonly nint _end;
    private nint _at;
    private int _depth;

    // For what is wrong with a value.
    private readonly nint _start;
    private readonly bool _explains;
    private nint _errorAt;
    private string? _error;
    private string? _missing;

    internal JsonTreeReader(ref byte data, int at, StringCache strings)
    {
        _data = ref data;
        _at = at;
        _strings = strings;
    }

    private JsonTreeReader(ref byte data, int at, int length, StringCache strings)
        : this(ref data, at, strings)
    {
        _start = at;
        _end = at + length;
        _explains = true;

        // The row that it is a column of.
        _depth = 1;
        SkipSpace();
    }

    internal readonly int At => (int)_at;

    /// <summary>Whether all of the text was read.</summary>
    internal readonly bool IsAtEnd
    {
        get
        {
            var rest = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, _at), (int)Math.Max(0, _end - _at));
            return _at <= _end && rest.IndexOfAnyExcept(" \t\r\n"u8) < 0;
        }
    }

    private readonly ref byte Here
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref _data, _at);
    }

    /// <summary>A reader of a part of a buffer, that can say what is wrong with it.</summary>
    internal static JsonTreeReader Of(byte[] data, int start, int length, StringCache strings) =>
        new(ref MemoryMarshal.GetArrayDataReference(data), start, length, strings);

    /// <summary>Goes into an object.</summary>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool BeginObject() => Begin((byte)'{', "an object");

    /// <summary>Goes into a list.</summary>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool BeginArray() => Begin((byte)'[', "a list");

    /// <summary>Goes to the value of the next member of an object.</summary>
    /// <param name="names">The names that are known.</param>
    /// <param name="members">The members that were met.</param>
    /// <param name="member">The index of the member; −1 where its value is to be skipped.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextMember(JsonNames names, ref JsonMembers members, out int member)
    {
        Unsafe.SkipInit(out member);
        if (!NextName(!members.IsBegun))
        {
            return false;
        }

        members.IsBegun = true;
        ref var name = ref Unsafe.Add(ref Here, 1);
        var block = Vector128.LoadUnsafe(ref name);
        var stops = JsonTokens.Stops(block);
        var length = stops != 0 ? BitOperations.TrailingZeroCount(stops) : JsonTokens.TextLength(ref name);
        var found = Unsafe.Add(ref name, length) == (byte)'"' ? names.Find(block, ref name, length) : JsonNames.NotPlain;
        if (found == JsonNames.NotPlain)
        {
            return NextUnusual(names, ref members, out member);
        }

        member = members.Take(found);
        _at += length + 2;
        return Colon(ref members);
    }

    /// <summary>
    /// Says whether a value that could not be read does not matter, because the same member comes once more: the last one counts.
    /// </summary>
    /// <param name="names">The names that are known.</param>
    /// <param name="members">The members that were met.</param>
    /// <param name="member">The index of the member.</param>
    /// <returns>Whether the reader is behind the value now.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool IsReplaced(JsonNames names, ref JsonMembers members, int member)
    {
        var (error, missing) = (_error, _missing);
        (_at, _depth) = (members.ValueAt, members.Depth);
        if (member < 0 || !Skip())
        {
            return false;
        }

        var behind = _at;
        var later = members;
        var isReplaced = false;
        while (!isReplaced && NextMember(names, ref later, out var next) && Skip())
        {
            isReplaced = next == member;
        }

        _at = behind;
        (_error, _missing) = isReplaced ? (null, null) : (error, missing);
        return isReplaced;
    }

    /// <summary>Goes out of an object.</summary>
    /// <param name="names">The names that are known.</param>
    /// <param name="members">The members that were met.</param>
    /// <returns>Whether it ends here, and has all members that it must have.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndObject(JsonNames names, in JsonMembers members) =>
        Here == (byte)'}' && (names.HasAll(in members) || FailMissing(names, in members)) && End();

    /// <summary>Goes to the value of the next member of a dictionary.</summary>
    /// <param name="isFirst">Whether there was none before.</param>
    /// <param name="column">The index of the column for the texts of keys.</param>
    /// <param name="key">The name of the member.</param>
    /// <returns>Whether there is one.</returns>
    public bool NextKey(bool isFirst, int column, out string key)
    {
        key = "";
        if (!NextName(isFirst))
        {
            return false;
        }

        var start = _at;
        if (ReadText(column, out key))
        {
            return Colon();
        }

        // Behind a name that is wrong may be the end of the object.
        _at = start;
        return false;
    }

    /// <summary>Goes out of a dictionary.</summary>
    /// <returns>Whether it ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndObject() => Here == (byte)'}' && End();

    /// <summary>Goes to the next item of a list.</summary>
    /// <param name="isFirst">Whether there was none before.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextItem(bool isFirst)
    {
        SkipSpace();
        if (isFirst)
        {
            return Here != (byte)']';
        }

        if (Here != (byte)',')
        {
            return false;
        }

        // Behind a comma must be an item: a bracket there is none, whoever reads it.
        _at++;
        SkipSpace();
        return true;
    }

    /// <summary>Goes out of a list.</summary>
    /// <returns>Whether it ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndArray() => Here == (byte)']' && End();

    /// <summary>Goes over a value, whatever it is, that nothing reads.</summary>
    /// <returns>Whether it is valid JSON. Whether texts inside of it are valid UTF-8 is not looked at.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Skip()
    {
        var behind = JsonSkipper.Value(ref _data, _at, _end);
        _at = behind < 0 ? _at : behind;
        return behind >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Begin(byte bracket, string expected)
    {
        if (Here != bracket || _depth >= MaxDepth)
        {
            return Here == bracket ? FailDepth() : Fail(expected);
        }

        _depth++;
        _at++;
        SkipSpace();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool End()
    {
        _depth--;
        _at++;
        return true;
    }

    // To the quote of the next name. Behind a comma there must be one: the reader stays at the comma otherwise, where no object ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NextName(bool isFirst)
    {
        SkipSpace();
        if (!isFirst)
        {
            if (Here != (byte)',')
            {
                return false;
            }

            var comma = _at++;
            SkipSpace();
            if (Here != (byte)'"')
            {
                _at = comma;
                return false;
            }
        }

        return Here == (byte)'"';
    }

    // Where there is none, the reader goes back in front of the quote that ends the name: no object ends there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Colon()
    {
        var behind = _at;
        SkipSpace();
        if (Here != (byte)':')
        {
            _at = behind - 1;
            return false;
        }

        _at++;
        SkipSpace();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Colon(ref JsonMembers members)
    {
        var isColon = Colon();
        (members.ValueAt, members.Depth) = (_at, _depth);
        return isColon;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool NextUnusual(JsonNames names, ref JsonMembers members, out int member)
    {
        member = -1;
        var start = _at;
        if (!TryText(out var name, out var rented))
        {
            return false;
        }

        var found = names.FindUnusual(name);
        Return(rented);
        if (found == JsonNames.NotUtf8)
        {
            _at = start;
            return FailText(start);
        }

        member = members.Take(found);
        return Colon(ref members);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace() => _at = JsonSkipper.Space(ref _data, _at, _end);
}
