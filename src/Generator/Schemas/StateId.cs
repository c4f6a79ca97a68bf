namespace Penstock.Generator.Schemas;

/// <summary>
/// The ids under which state is saved: that of an operator for its fields, with <c>.Name</c> behind it for each map or list, and with a
/// <see cref="StateSuffix"/> for all else, such as <c>/key</c> for fields that are wider than a window.
/// </summary>
internal static class StateId
{
    /// <summary>Whether state belongs to one of some operators.</summary>
    public static bool IsOf(string id, IEnumerable<string> operators) => operators.Any(owner => IsOf(id, owner));

    /// <summary>
    /// The operator that state belongs to: the known one with the longest id, or else, as far as the id tells, one that is gone.
    /// </summary>
    public static string OwnerOf(string id, IEnumerable<string> operators) =>
        operators.Where(owner => IsOf(id, owner)).OrderByDescending(static owner => owner.Length).FirstOrDefault()
        ?? StateSuffix.All.Select(suffix => suffix.OwnerOf(id)).FirstOrDefault(static owner => owner != null)
        ?? id;

    /// <summary>The operator that saved state belongs to. That of one that is gone tells maps and lists by their schema.</summary>
    public static string OwnerOf(string id, StateSchema schema, IEnumerable<string> operators) =>
        OwnerOf(id, operators) is var owner && owner == id && IsCollection(schema) && id.LastIndexOf('.') is > 0 and var dot
            ? id.Substring(0, dot)
            : owner;

    /// <summary>Whether it was the state of an operator that is still there, which no longer has such a state.</summary>
    /// <param name="id">The id under which it was saved.</param>
    /// <param name="saved">Its schema.</param>
    /// <param name="operators">The keyed operators.</param>
    public static bool IsRemovedField(string id, StateSchema saved, IEnumerable<string> operators) => operators.Any(owner =>
        id == owner ? saved.Kind == "keyed"
        : HasSuffix(id, owner) || (IsOf(id, owner) && IsCollection(saved)));

    /// <summary>The names of the states of an operator that are saved under an id; none where it is not one of the operator's.</summary>
    public static IEnumerable<string> StatesOf(string id, StateSchema schema, string owner) =>
        id == owner || id == owner + StateSuffix.Key ? schema.Fields.Fields.Select(static field => field.Name)
        : id.StartsWith(owner + ".", StringComparison.Ordinal) && IsCollection(schema) ? [id.Substring(owner.Length + 1)]
        : [];

    private static bool IsOf(string id, string owner) =>
        id == owner || HasSuffix(id, owner) || id.StartsWith(owner + ".", StringComparison.Ordinal);

    private static bool HasSuffix(string id, string owner) => StateSuffix.All.Any(suffix => suffix.OwnerOf(id) == owner);

    // The elements of maps and lists have a key behind that of their operator. So they are not taken for an operator with a dot in its id.
    private static bool IsCollection(StateSchema schema) =>
        schema.Key.IndexOf(',') >= 0 && schema.Fields.Fields is [{ Name: "Value" }] or [{ Name: "Expires" }, { Name: "Value" }];
}
