using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Formats;

/// <summary>
/// Reads the properties of simple JSON objects, one per line, in the expected order. Every method returns <c>false</c> if the text is not
/// simple: another property, an escape, white space beyond one space, a value that it cannot read.
/// </summary>
/// <remarks>
/// Only file readers create a cursor, over a buffer in which a line break follows every row, with slack after it. No value can be read past
/// its line, so few methods check for the end of the buffer.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct JsonCursor
{
    private readonly ref byte _data;
    private readonly StringCache _strings;
    private readonly int _readable;
    private nint _at;

    internal JsonCursor(ref byte data, int at, int readable, StringCache strings)
    {
        _data = ref data;
        _at = at;
        _readable = readable;
        _strings = strings;
    }

    internal readonly int At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)_at;
    }

    private readonly ref byte Here
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref _data, _at);
    }

    /// <summary>Skips the beginning of the object and the name of its first property.</summary>
    /// <param name="name">The name in quotes, followed by the colon.</param>
    /// <returns><c>true</c> if this text is next.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool First(ReadOnlySpan<byte> name) => Unsafe.Add(ref _data, _at++) == (byte)'{' && Name(name);

    /// <summary>Skips the comma and the name of the next property.</summary>
    /// <param name="name">The name in quotes, followed by the colon.</param>
    /// <returns><c>true</c> if this text is next.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next(ReadOnlySpan<byte> name) => Unsafe.Add(ref _data, _at++) == (byte)',' && Name(name);

    /// <summary>Skips the end of the object and the line break.</summary>
    /// <returns><c>true</c> if the row ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndRow()
    {
        return Unsafe.Add(ref _data, _at++) == (byte)'}' && EndLine();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool EndLine()
    {
        var end = Unsafe.Add(ref _data, _at++);
        return end == (byte)'\n' || (end == (byte)'\r' && Unsafe.Add(ref _data, _at++) == (byte)'\n');
    }

    /// <summary>Reads the row as a tree. <see cref="EndTree"/> ends it.</summary>
    /// <returns>A reader that starts at the current position.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly JsonTreeReader Tree() => new(ref _data, (int)_at, _strings);

    /// <summary>Moves past the row that was read as a tree, and skips the line break.</summary>
    /// <param name="json">The reader of the tree.</param>
    /// <returns><c>true</c> if the row ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndTree(in JsonTreeReader json)
    {
        _at = json.At;
        return EndLine();
    }

    /// <summary>Skips a value that nothing reads.</summary>
    /// <returns><c>true</c> if the value is a simple string, number or literal.</returns>
    public bool Skip() => Here == (byte)'"' ? TryText(out _) : TryToken(out _);

    // A name may be longer than the slack, so this is the only method that checks for the end of the buffer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Name(ReadOnlySpan<byte> name)
    {
        _at += Here == (byte)' ' ? 1 : 0;
        if (_at + name.Length > _readable || !MemoryMarshal.CreateReadOnlySpan(ref Here, name.Length).SequenceEqual(name))
        {
            return false;
        }

        _at += name.Length;
        _at += Here == (byte)' ' ? 1 : 0;
        return true;
    }

    private bool TryNull()
    {
        var isNull = MemoryMarshal.CreateReadOnlySpan(ref Here, 4).SequenceEqual("null"u8);
        _at += isNull ? 4 : 0;
        return isNull;
    }

    // Reads a string from its opening quote to after the closing one.
    private bool TryText(out ReadOnlySpan<byte> text)
    {
        ref var start = ref Unsafe.Add(ref Here, 1);
        var length = JsonTokens.TextLength(ref start);
        text = MemoryMarshal.CreateReadOnlySpan(ref start, length);
        _at += length + 2;
        return Unsafe.Add(ref start, length) == (byte)'"';
    }

    private bool TryToken(out ReadOnlySpan<byte> token)
    {
        token = MemoryMarshal.CreateReadOnlySpan(ref Here, JsonTokens.TokenLength(ref Here));
        _at += token.Length;
        return JsonTokens.IsValid(token);
    }
}
