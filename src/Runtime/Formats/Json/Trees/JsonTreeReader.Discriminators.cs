namespace Penstock.Formats;

/// <content>Objects whose type is determined by one of their members.</content>
public ref partial struct JsonTreeReader
{
    /// <summary>Determines the type of an object from a member at any position in it. The reader stays before the object.</summary>
    /// <param name="kinds">The types.</param>
    /// <returns>The index of the type, or a negative constant of <see cref="JsonDiscriminators"/>.</returns>
    public int ReadDiscriminator(JsonDiscriminators kinds)
    {
        var (start, depth) = (_at, _depth);
        var kind = BeginObject() ? FindKind(kinds) : JsonDiscriminators.Invalid;
        (_at, _depth) = (start, depth);
        return kind;
    }

    /// <summary>Reports that the type of an object is not known.</summary>
    /// <param name="kinds">The types.</param>
    /// <returns>Always <c>false</c>.</returns>
    public bool FailDiscriminator(JsonDiscriminators kinds)
    {
        // An error for a value that is not an object is already recorded; one for an unknown type has its own position.
        if (!_explains || _error != null)
        {
            return false;
        }

        _missing = kinds.Name;
        return Fail(_at, $"the property is missing, but {kinds.Expected} was expected");
    }

    private int FindKind(JsonDiscriminators kinds)
    {
        // All names are checked, because two members may contradict each other. Other errors are found when the object is read.
        int? told = null;
        for (var isFirst = true; NextName(isFirst); isFirst = false)
        {
            if (!TryText(out var name, out var rented))
            {
                return told ?? JsonDiscriminators.Invalid;
            }

            var isFound = name.SequenceEqual(kinds.Utf8Name);
            Return(rented);
            if (!Colon())
            {
                return told ?? JsonDiscriminators.Invalid;
            }

            if (isFound && told != null)
            {
                return FailTwice();
            }

            var value = _at;
            if (isFound)
            {
                told = KindHere(kinds);
                _at = value;
            }

            if (!Skip())
            {
                return told ?? JsonDiscriminators.Invalid;
            }
        }

        return told ?? (Here == (byte)'}' ? JsonDiscriminators.None : JsonDiscriminators.Invalid);
    }

    private int FailTwice()
    {
        if (_explains)
        {
            Fail(_at, "the property that tells the type stands here twice");
        }

        return JsonDiscriminators.Invalid;
    }

    private int KindHere(JsonDiscriminators kinds)
    {
        var start = _at;
        var isText = Here == (byte)'"';
        if (!TryField(out var field, out var rented))
        {
            return JsonDiscriminators.Invalid;
        }

        var kind = isText ? kinds.Find(field.Text) : field.TryRead(null, out long number) ? kinds.Find(number) : JsonDiscriminators.Unknown;
        if (kind < 0 && _explains)
        {
            Fail(start, field.Error(kinds.Expected));
        }

        Return(rented);
        return kind;
    }
}
