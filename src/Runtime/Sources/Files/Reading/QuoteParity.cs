namespace Penstock.Sources.Files;

/// <summary>
/// Determines whether a place in a CSV file is inside quotes, that is, preceded by an odd number of quotes. A line break ends a row if the
/// number is even. That depends on the file only, and doubled quotes need no special treatment.
/// </summary>
/// <param name="isInside"><c>true</c> if the place at which the text begins is inside quotes.</param>
internal struct QuoteParity(bool isInside)
{
    private bool _isInside = isInside;

    /// <summary>Finds the first line break outside quotes.</summary>
    /// <returns>The index, or -1 if there is none; then the state covers the whole text.</returns>
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
