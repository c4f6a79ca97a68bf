namespace Penstock;

/// <summary>How the rows of a stream relate to those before them.</summary>
public enum ChangelogMode
{
    /// <summary>Every row is new and final: all are <see cref="RowKind.Insert"/>.</summary>
    Append,

    /// <summary>
    /// A row replaces the one with the same key, if there is one, or deletes it: <see cref="RowKind.Insert"/>,
    /// <see cref="RowKind.UpdateAfter"/> and <see cref="RowKind.Delete"/>.
    /// </summary>
    Upsert,

    /// <summary>
    /// A row that is no longer true is sent once more as it was, to be taken back: all of <see cref="RowKind"/>. No operator makes such a
    /// stream yet.
    /// </summary>
    Retract,
}

/// <summary>What the rows of a stream mean, and by which members they are told from each other.</summary>
/// <param name="mode">How they relate to those before them.</param>
/// <param name="key">Of an upsert stream: the members of its key.</param>
public sealed class Changelog(ChangelogMode mode, IReadOnlyList<string> key)
{
    /// <summary>Every row is new and final.</summary>
    public static Changelog Append { get; } = new(ChangelogMode.Append, []);

    /// <summary>How the rows relate to those before them.</summary>
    public ChangelogMode Mode { get; } = mode;

    /// <summary>
    /// Of an upsert stream: the members of its key, which all versions of a row have in common. None in other streams, and where the
    /// compiler does not see from what the rows are made.
    /// </summary>
    public IReadOnlyList<string> Key { get; } = key;

    /// <summary>The mode and its key as text, such as <c>upsert by Shop, Start</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Mode switch
    {
        ChangelogMode.Append => "append",
        ChangelogMode.Upsert => Key.Count == 0 ? "upsert" : $"upsert by {string.Join(", ", Key)}",
        ChangelogMode.Retract => "retract",
        _ => throw new InvalidOperationException($"A changelog mode is not known: {Mode}."),
    };
}

/// <summary>A row of a changelog.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Kind">What the row means.</param>
/// <param name="Row">The row.</param>
public readonly record struct Change<T>(RowKind Kind, T Row);
