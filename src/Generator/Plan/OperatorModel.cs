using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The class of an operator as a pipeline uses it: through the contract that the build of the class generated.</summary>
/// <param name="Type">The class.</param>
/// <param name="Name">The short name.</param>
/// <param name="Kind">The kind of the operator.</param>
/// <param name="Inputs">Its inputs, in the order of their methods; at least one.</param>
/// <param name="Output">The type of the rows that it emits.</param>
/// <param name="Values">The values of the attribute of its kind; null if the kind has no attribute.</param>
/// <param name="WindowKey">The key type in the signature of its fire method; null if there is none.</param>
/// <param name="HasState">Whether it has state in the entry of a key, or of a key and window.</param>
/// <param name="HasKeyState">Whether an operator with windows has state in the entry of a key, shared by all windows.</param>
/// <param name="HasCollections">Whether it has maps or lists.</param>
/// <param name="Ttl">The expiry of its state; null if none of it expires.</param>
/// <param name="States">The state that it saves.</param>
internal sealed record OperatorModel(
    TypeName Type,
    string Name,
    ClassKind Kind,
    EquatableArray<InputModel> Inputs,
    TypeRef Output,
    KindValues? Values,
    TypeName? WindowKey,
    bool HasState,
    bool HasKeyState,
    bool HasCollections,
    TtlModel? Ttl,
    EquatableArray<StateModel> States)
{
    /// <summary>
    /// Whether it has state of a key that all windows share. Late rows for one window may then change the result of another.
    /// </summary>
    public bool KeepsBeyondWindows => States.Any(static part => part.Schema.StartsWith("keyed(", StringComparison.Ordinal));

    /// <summary>Whether its instances are disposed at the end.</summary>
    public bool IsDisposable { get; init; }

    /// <summary>Whether it has several inputs, each with a method of its own.</summary>
    public bool HasSeveralInputs => Inputs.Count > 1;

    /// <summary>For an operator that joins two inputs, what it emits; null for others.</summary>
    public JoinResults? Join { get; init; }

    /// <summary>Whether its method may return null, and then emits no row.</summary>
    public bool ReturnsNull { get; init; }

    /// <summary>The method of the contract that takes the rows of an input.</summary>
    public string MethodOf(int input) => HasSeveralInputs ? NameOfInput(Kind, input) : Kind.Main.Name;

    /// <summary>The method of the contract for one of several inputs.</summary>
    public static string NameOfInput(ClassKind kind, int input) => $"{kind.Main}{input + 1}";

    /// <summary>Whether the method that is called last takes a context. Only then it gets one.</summary>
    public bool LastTakesContext { get; init; }

    /// <summary>The side outputs of its class, in the order of the parameters of its method.</summary>
    public EquatableArray<SideOutputModel> SideOutputs { get; init; } = EquatableArray<SideOutputModel>.Empty;

    /// <summary>For a kind that returns its rows, the origins of their members; null if unknown.</summary>
    public RowOrigins? Origins { get; init; }

    /// <summary>For a map, the members of its input that its rows may depend on, directly or through computed members.</summary>
    public RowReads Carries { get; init; } = RowReads.Everything;
}

/// <summary>The results of an operator that joins two inputs.</summary>
/// <param name="OfPairs">Whether two rows that meet have one.</param>
/// <param name="OfLeft">Whether a left row that meets none has one.</param>
/// <param name="OfRight">Whether a right row that meets none has one.</param>
internal sealed record JoinResults(bool OfPairs, bool OfLeft, bool OfRight);

/// <summary>An input of an operator.</summary>
/// <param name="Row">The type of its rows.</param>
/// <param name="Reads">The members of its rows that the operator reads.</param>
internal sealed record InputModel(TypeRef Row, RowReads Reads)
{
    /// <summary>Whether its method gets the row kind, and so accepts rows that replace or delete earlier ones.</summary>
    public bool AcceptsUpdates { get; init; }

    /// <summary>Whether its method takes a context. Only then it gets one.</summary>
    public bool TakesContext { get; init; }
}

/// <summary>A side output of an operator.</summary>
/// <param name="Name">The name by which a stream reads it.</param>
/// <param name="Row">The type of its rows.</param>
internal sealed record SideOutputModel(string Name, TypeRef Row);

/// <summary>A part of the state that an operator saves.</summary>
/// <param name="Id">The suffix that is appended to the id of the operator.</param>
/// <param name="FormerIds">The former suffixes.</param>
/// <param name="Schema">The schema, with former names and upgrades; <c>$</c> stands for the types of the operator's key.</param>
internal sealed record StateModel(string Id, EquatableArray<string> FormerIds, string Schema)
{
    /// <summary>Parses the string of <see cref="ToString"/>.</summary>
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
/// <param name="Shortest">The shortest TTL by event time, in microseconds; 0 if there is none.</param>
/// <param name="EventTimeState">A state that expires by event time; null if there is none.</param>
/// <param name="InEntries">Whether state in the entries of keys expires, not only in maps and lists.</param>
internal sealed record TtlModel(long Shortest, string? EventTimeState, bool InEntries)
{
    // A watermark that advances in fixed steps does not depend on the batches. Finer steps split batches into smaller pieces.
    private const int StepsPerTtl = 8;

    /// <summary>The steps of the watermark, in microseconds; 0 if there are none.</summary>
    public long Grid => Shortest == 0 ? 0 : Math.Max(1, Shortest / StepsPerTtl);
}

/// <summary>
/// The times at which an operator must observe the watermark: the multiples of the size, plus the offset, and the same plus the lateness.
/// All in microseconds.
/// </summary>
internal sealed record WatermarkGrid(long Size, long Offset, long Lateness);
