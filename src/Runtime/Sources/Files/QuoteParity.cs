namespace Penstock.Sources.Files;

/// <summary>
/// Whether a place in a CSV file is inside quotes: an odd number of quotes lies before it. A line end is the end of a row
/// where the number is even. That depends on the file alone, and doubled quotes need no care.
/// </summary>
/// <param name="isInside">Whether the place at which the text begins is inside quotes.</param>
internal struct QuoteParity(bool isInside)
{
    private bool _isInside = isInside;

    /// <summary>Finds the first line end outside quotes.</summary>
    /// <returns>Its index; -1 when there is none, with the whole text taken into account.</returns>
    public int FindLineEnd(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var next = _isInside ? text[at..].IndexOf((byte)'"') : text[at..].IndexOfAny((byte)'"', (byte)'\n');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == (byte)'\n')
            {
                return at;
            }

            _isInside = !_isInside;
            at++;
        }

        return -1;
    }
}
