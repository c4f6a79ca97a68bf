namespace Penstock.Generator.Plan;

/// <summary>An operator as a pipeline uses it: through the contract that its own build generated.</summary>
/// <param name="Type">The fully qualified class.</param>
/// <param name="Name">The short name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Input">The rows it takes.</param>
/// <param name="Output">The rows it makes.</param>
/// <param name="Window">Its windows, or null.</param>
/// <param name="WindowKey">The key type that its fire method names, or null.</param>
/// <param name="HasState">Whether state lies in the entry of a key, or of a key and window.</param>
/// <param name="HasKeyState">Whether a windowed one has state in the entry of a key over all windows.</param>
/// <param name="HasCollections">Whether it has maps or lists.</param>
/// <param name="Reads">The members of the input that it reads.</param>
internal sealed record OperatorModel(
    string Type,
    string Name,
    OperatorKind Kind,
    TypeRef Input,
    TypeRef Output,
    WindowModel? Window,
    string? WindowKey,
    bool HasState,
    bool HasKeyState,
    bool HasCollections,
    RowReads Reads)
{
    /// <summary>Whether its input has to be partitioned by a key.</summary>
    public bool IsKeyed => Kind is OperatorKind.Process or OperatorKind.Window;
}

internal enum OperatorKind
{
    Map,
    Filter,
    FlatMap,
    Process,
    Window,
}

/// <summary>Tumbling windows; all in microseconds.</summary>
internal sealed record WindowModel(long Size, long Offset, long Lateness);
