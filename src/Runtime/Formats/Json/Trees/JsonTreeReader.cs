using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Reads JSON of any form, value by value as generated code requests them: members in any order, escapes, white space. Every method returns
/// <c>false</c> if the requested content is not there; the position of the reader is then undefined.
/// </summary>
/// <remarks>
/// The text must be followed by a line break and <see cref="Slack"/> readable bytes. No value can be read past that line break, so few
/// methods check for the end of the text.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct JsonTreeReader
{
    /// <summary>The maximum nesting depth of objects, lists and dictionaries, including the row itself.</summary>
    public const int MaxDepth = 64;

    /// <summary>The number of readable bytes required after the text, the first of which is a line break.</summary>
    internal const int Slack = CsvCursor.Slack + 1;

    private readonly ref byte _data;
    private readonly StringCache _strings;

    // The end of the text; line breaks before it are white space. In a file of lines there are none.
    private readonly nint _end;
    private nint _at;
    private int _depth;

    // The start of the text, for error messages.
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

        // The row that contains the column counts as one level.
        _depth = 1;
        SkipSpace();
    }

    internal readonly int At => (int)_at;

    /// <summary>Indicates whether the whole text was read.</summary>
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

    /// <summary>Creates a reader for a part of a buffer that records errors.</summary>
    internal static JsonTreeReader Of(byte[] data, int start, int length, StringCache strings) =>
        new(ref MemoryMarshal.GetArrayDataReference(data), start, length, strings);

    /// <summary>Enters an object.</summary>
    /// <returns><c>true</c> if an object begins here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool BeginObject() => Begin((byte)'{', "an object");

    /// <summary>Enters a list.</summary>
    /// <returns><c>true</c> if a list begins here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool BeginArray() => Begin((byte)'[', "a list");

    /// <summary>Moves to the value of the next member of an object.</summary>
    /// <param name="names">The known names.</param>
    /// <param name="members">The members that have occurred.</param>
    /// <param name="member">The index of the member, or −1 if its value is to be skipped.</param>
    /// <returns><c>true</c> if there is a next member.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextMember(JsonNames names, ref JsonMembers members, out int member)
    {
        Unsafe.SkipInit(out member);
        if (!NextName(!members.HasStarted))
        {
            return false;
        }

        members.HasStarted = true;
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
    /// Determines whether a value that could not be read is irrelevant, because the same member occurs again and the last one counts.
    /// </summary>
    /// <param name="names">The known names.</param>
    /// <param name="members">The members that have occurred.</param>
    /// <param name="member">The index of the member.</param>
    /// <returns><c>true</c> if it is irrelevant; the reader is then after the value.</returns>
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

    /// <summary>Leaves an object.</summary>
    /// <param name="names">The known names.</param>
    /// <param name="members">The members that have occurred.</param>
    /// <returns><c>true</c> if the object ends here and has all required members.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndObject(JsonNames names, in JsonMembers members) =>
        Here == (byte)'}' && (names.HasAll(in members) || FailMissing(names, in members)) && End();

    /// <summary>Moves to the value of the next entry of a dictionary.</summary>
    /// <param name="isFirst"><c>true</c> for the first entry.</param>
    /// <param name="column">The index of the column, for the string cache of the keys.</param>
    /// <param name="key">The name of the entry.</param>
    /// <returns><c>true</c> if there is a next entry.</returns>
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

        // The end of the object may follow a wrong name.
        _at = start;
        return false;
    }

    /// <summary>Leaves a dictionary.</summary>
    /// <returns><c>true</c> if the dictionary ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndObject() => Here == (byte)'}' && End();

    /// <summary>Moves to the next item of a list.</summary>
    /// <param name="isFirst"><c>true</c> for the first item.</param>
    /// <returns><c>true</c> if there is a next item.</returns>
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

        // An item must follow a comma; a closing bracket is not an item for any type.
        _at++;
        SkipSpace();
        return true;
    }

    /// <summary>Leaves a list.</summary>
    /// <returns><c>true</c> if the list ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndArray() => Here == (byte)']' && End();

    /// <summary>Skips any value that nothing reads.</summary>
    /// <returns><c>true</c> if it is valid JSON. Strings inside of it are not checked for valid UTF-8.</returns>
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

    // Moves to the quote of the next name. If none follows a comma, the reader stays at the comma, where no object can end.
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

    // If there is no colon, the reader moves back before the closing quote of the name, where no object can end.
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
