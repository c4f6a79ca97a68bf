namespace Penstock.Generator.Schemas;

/// <summary>
/// What stands behind the id of an operator in the id of a part of its state that is neither its main table nor a map or list. There is one
/// object of each, and <see cref="All"/> has them all: a kind that saves state under a new suffix has to add it here, since there is no
/// other way to write one.
/// </summary>
internal sealed class StateSuffix
{
    private static readonly List<StateSuffix> Made = [];

    private readonly string _text;

    private StateSuffix(string text)
    {
        _text = text;
        Made.Add(this);
    }

    /// <summary>Of the fields that belong to a key over all windows.</summary>
    public static StateSuffix Key { get; } = new("/key");

    /// <summary>Of the time by which state expires.</summary>
    public static StateSuffix Time { get; } = new("/time");

    /// <summary>Of timers.</summary>
    public static StateSuffix Timers { get; } = new("/timers");

    /// <summary>Of the left rows of a join.</summary>
    public static StateSuffix Left { get; } = new("/left");

    /// <summary>Of the right rows of a join.</summary>
    public static StateSuffix Right { get; } = new("/right");

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<StateSuffix> All => Made;

    /// <summary>The operator of an id that ends with it; null where the id does not.</summary>
    public string? OwnerOf(string id) =>
        id.EndsWith(_text, StringComparison.Ordinal) ? id.Substring(0, id.Length - _text.Length) : null;

    public override string ToString() => _text;
}
