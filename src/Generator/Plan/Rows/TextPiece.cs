namespace Penstock.Generator.Plan;

/// <summary>What is known about the length of a piece of a string.</summary>
internal enum TextForm
{
    /// <summary>The same in all strings.</summary>
    Constant,

    /// <summary>Of the same length in all strings; or one of several names, none of which is the beginning or end of another.</summary>
    Fixed,

    /// <summary>Some digits.</summary>
    Digits,

    /// <summary>Some digits, possibly with a sign.</summary>
    Number,

    /// <summary>Anything.</summary>
    Free,
}

/// <summary>A piece of a string.</summary>
/// <param name="Form">What is known about its length.</param>
/// <param name="Text">For a constant, its text.</param>
internal abstract record TextPiece(TextForm Form, string Text)
{
    private const string Numerals = "0123456789";

    /// <summary>
    /// The pieces of a string whose bounds can be determined: from both ends of the string, and the one that remains between them, whatever
    /// its length.
    /// </summary>
    public static List<T> Bounded<T>(IReadOnlyList<T> pieces)
        where T : TextPiece
    {
        var (from, to) = (0, pieces.Count - 1);
        var told = new List<T>();
        while (from <= to && pieces[from].Ends(pieces.ElementAtOrDefault(from + 1), isBehind: true))
        {
            told.Add(pieces[from++]);
        }

        while (from <= to && pieces[to].Ends(pieces.ElementAtOrDefault(to - 1), isBehind: false))
        {
            told.Add(pieces[to--]);
        }

        if (from == to)
        {
            told.Add(pieces[from]);
        }

        return told;
    }

    // Whether the end of the piece can be determined, reading from one side, given the piece that follows on that side.
    private bool Ends(TextPiece? next, bool isBehind) => Form switch
    {
        TextForm.Constant or TextForm.Fixed => true,
        TextForm.Digits => IsOther(next, isBehind, Numerals),
        TextForm.Number => IsOther(next, isBehind, "-" + Numerals),
        TextForm.Free => false,
        _ => throw new InvalidOperationException($"Unknown form of a piece of text: {Form}."),
    };

    private static bool IsOther(TextPiece? next, bool isBehind, string letters) =>
        next is { Form: TextForm.Constant, Text: { Length: > 0 } text } && letters.IndexOf(isBehind ? text[0] : text[text.Length - 1]) < 0;
}
