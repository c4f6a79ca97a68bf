using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The class of an operator as a pipeline uses it: through the contract that its own build generated.</summary>
/// <param name="Type">The class.</param>
/// <param name="Name">The short name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Input">The rows it takes.</param>
/// <param name="Output">The rows it makes.</param>
/// <param name="Values">The values of the attribute of its kind; null where the kind has none.</param>
/// <param name="WindowKey">The key type that its fire method names, or null.</param>
/// <param name="HasState">Whether state lies in the entry of a key, or of a key and window.</param>
/// <param name="HasKeyState">Whether a windowed one has state in the entry of a key over all windows.</param>
/// <param name="HasCollections">Whether it has maps or lists.</param>
/// <param name="Ttl">What its state that expires needs; null when it has none.</param>
/// <param name="Reads">The members of the input that it reads.</param>
/// <param name="States">What it saves.</param>
internal sealed record OperatorModel(
    TypeName Type,
    string Name,
    ClassKind Kind,
    TypeRef Input,
    TypeRef Output,
    KindValues? Values,
    TypeName? WindowKey,
    bool HasState,
    bool HasKeyState,
    bool HasCollections,
    TtlModel? Ttl,
    RowReads Reads,
    EquatableArray<StateModel> States)
{
    /// <summary>
    /// Whether it has state that belongs to a key over all windows, whose rows may change what another window of the key has as its result.
    /// </summary>
    public bool KeepsBeyondWindows => States.Any(static part => part.Schema.StartsWith("keyed(", StringComparison.Ordinal));

    /// <summary>Whether its instances are disposed when they are no longer needed.</summary>
    public bool IsDisposable { get; init; }

    /// <summary>Whether its method learns what a row means, and so takes rows that replace or delete earlier ones.</summary>
    public bool TakesUpdates { get; init; }

    /// <summary>The rows that its class puts aside, by name, in the order in which its method takes the outputs.</summary>
    public EquatableArray<SideOutputModel> SideOutputs { get; init; } = EquatableArray<SideOutputModel>.Empty;

    /// <summary>Of a kind that returns its rows: from what it makes their members; null where that is not known.</summary>
    public RowOrigins? Origins { get; init; }

    /// <summary>
    /// Of a map: the members of its input that its rows may be made of, directly or through members that are computed from them.
    /// </summary>
    public RowReads Carries { get; init; } = RowReads.Everything;
}

/// <summary>Rows that an operator puts aside.</summary>
/// <param name="Name">The name by which a stream takes them.</param>
/// <param name="Row">Their type.</param>
internal sealed record SideOutputModel(string Name, TypeRef Row);

/// <summary>A part of what an operator saves.</summary>
/// <param name="Id">What stands behind the id of the operator.</param>
/// <param name="FormerIds">What stood there before.</param>
/// <param name="Schema">The schema, with former names and upgrades, and <c>$</c> for the types of the operator's key.</param>
internal sealed record StateModel(string Id, EquatableArray<string> FormerIds, string Schema)
{
    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static StateModel Parse(string text)
    {
        if (text[0] is not ('.' or '/'))
        {
            return new StateModel("", EquatableArray<string>.Empty, text);
        }

        var space = text.IndexOf(' ');
        var ids = text.Substring(0, space).Split('|');
        return new StateModel(ids[0], ids.Skip(1).ToEquatableArray(), text.Substring(space + 1));
    }

    public override string ToString() => Id.Length == 0 ? Schema : $"{string.Join("|", FormerIds.Prepend(Id))} {Schema}";
}

/// <summary>State that expires.</summary>
/// <param name="Shortest">The shortest TTL of what expires by the time of its rows, in microseconds; 0 when there is none.</param>
/// <param name="EventTimeState">A state that expires by event time alone; null when there is none.</param>
/// <param name="InEntries">Whether state in the entries of keys expires, and not only in maps and lists.</param>
internal sealed record TtlModel(long Shortest, string? EventTimeState, bool InEntries)
{
    // A watermark that counts in steps is exact whatever the batches; finer steps divide batches into smaller pieces.
    private const int StepsPerTtl = 8;

    /// <summary>The steps in which the watermark counts, in microseconds; 0 when it does not.</summary>
    public long Grid => Shortest == 0 ? 0 : Math.Max(1, Shortest / StepsPerTtl);
}

/// <summary>
/// The instants of which an operator learns that the watermark has passed them: the multiples of a size, from an offset on, and as much
/// later as the lateness says; all in microseconds.
/// </summary>
internal sealed record WatermarkGrid(long Size, long Offset, long Lateness);
