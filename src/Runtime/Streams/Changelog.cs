namespace Penstock;

/// <summary>The relation of the rows of a stream to earlier ones.</summary>
public enum ChangelogMode
{
    /// <summary>Every row is new and final: all are <see cref="RowKind.Insert"/>.</summary>
    Append,

    /// <summary>
    /// A row replaces or deletes the earlier row with the same key, if there is one: <see cref="RowKind.Insert"/>,
    /// <see cref="RowKind.UpdateAfter"/> and <see cref="RowKind.Delete"/>.
    /// </summary>
    Upsert,

    /// <summary>
    /// The old version of a row is sent again to be retracted, before the new version: all values of <see cref="RowKind"/>. No operator
    /// produces such a stream yet.
    /// </summary>
    Retract,
}

/// <summary>The changelog mode of a stream, with its key.</summary>
/// <param name="mode">The relation of rows to earlier ones.</param>
/// <param name="key">The key members of an upsert stream.</param>
public sealed class Changelog(ChangelogMode mode, IReadOnlyList<string> key)
{
    /// <summary>The changelog of a stream in which every row is new and final.</summary>
    public static Changelog Append { get; } = new(ChangelogMode.Append, []);

    /// <summary>The relation of rows to earlier ones.</summary>
    public ChangelogMode Mode { get; } = mode;

    /// <summary>
    /// The key members of an upsert stream, which are equal in all versions of a row. Empty for other streams, and if the compiler cannot
    /// determine how the rows are created.
    /// </summary>
    public IReadOnlyList<string> Key { get; } = key;

    /// <summary>Returns the mode and its key as text, such as <c>upsert by Shop, Start</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Mode switch
    {
        ChangelogMode.Append => "append",
        ChangelogMode.Upsert => Key.Count == 0 ? "upsert" : $"upsert by {string.Join(", ", Key)}",
        ChangelogMode.Retract => "retract",
        _ => throw new InvalidOperationException($"Unknown changelog mode: {Mode}."),
    };
}

/// <summary>A row of a changelog.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Kind">The kind of the row.</param>
/// <param name="Row">The row.</param>
public readonly record struct Change<T>(RowKind Kind, T Row);
