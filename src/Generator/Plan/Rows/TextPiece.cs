namespace Penstock.Generator.Plan;

/// <summary>What is known of the length of a piece of text.</summary>
internal enum TextForm
{
    /// <summary>The same in all texts.</summary>
    Constant,

    /// <summary>Of the same length in all texts; or one of several names, of which none begins or ends with another one.</summary>
    Fixed,

    /// <summary>Some digits.</summary>
    Digits,

    /// <summary>Some digits, perhaps with a sign.</summary>
    Number,

    /// <summary>Anything.</summary>
    Free,
}

/// <summary>A piece of a text.</summary>
/// <param name="Form">What is known of its length.</param>
/// <param name="Text">Of a constant: what it is.</param>
internal abstract record TextPiece(TextForm Form, string Text)
{
    private const string Numerals = "0123456789";

    /// <summary>
    /// The pieces of a text of which it can be told where each begins and ends: from both ends of the text, and the one that is left
    /// between them, whatever its length.
    /// </summary>
    public static List<T> Told<T>(IReadOnlyList<T> pieces)
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

    // Whether it can be told where it ends, read from one side, by the piece that is next there.
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
