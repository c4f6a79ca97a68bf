namespace Penstock.Generator.Schemas;

/// <summary>
/// The ids under which state is saved: the id of the operator for its fields, followed by <c>.Name</c> for each map or list, and by a
/// <see cref="StateSuffix"/> for all other state, such as <c>/key</c> for fields that all windows of a key share.
/// </summary>
internal static class StateId
{
    /// <summary>Whether state belongs to one of several operators.</summary>
    public static bool IsOf(string id, IEnumerable<string> operators) => operators.Any(owner => IsOf(id, owner));

    /// <summary>
    /// The operator to which state belongs: the known one with the longest matching id; otherwise a removed one, as far as the id shows it.
    /// </summary>
    public static string OwnerOf(string id, IEnumerable<string> operators) =>
        operators.Where(owner => IsOf(id, owner)).OrderByDescending(static owner => owner.Length).FirstOrDefault()
        ?? StateSuffix.All.Select(suffix => suffix.OwnerOf(id)).FirstOrDefault(static owner => owner != null)
        ?? id;

    /// <summary>The operator to which saved state belongs. For a removed operator, maps and lists are recognized by their schema.</summary>
    public static string OwnerOf(string id, StateSchema schema, IEnumerable<string> operators) =>
        OwnerOf(id, operators) is var owner && owner == id && IsCollection(schema) && id.LastIndexOf('.') is > 0 and var dot
            ? id.Substring(0, dot)
            : owner;

    /// <summary>Whether it was a state of an existing operator that no longer has this state.</summary>
    /// <param name="id">The id under which it was saved.</param>
    /// <param name="saved">Its schema.</param>
    /// <param name="operators">The keyed operators.</param>
    public static bool IsRemovedField(string id, StateSchema saved, IEnumerable<string> operators) => operators.Any(owner =>
        id == owner ? saved.Kind == "keyed"
        : HasSuffix(id, owner) || (IsOf(id, owner) && IsCollection(saved)));

    /// <summary>
    /// The names of the states of an operator that are saved under an id; empty if the id does not belong to the operator.
    /// </summary>
    public static IEnumerable<string> StatesOf(string id, StateSchema schema, string owner) =>
        id == owner || id == owner + StateSuffix.Key ? schema.Fields.Fields.Select(static field => field.Name)
        : id.StartsWith(owner + ".", StringComparison.Ordinal) && IsCollection(schema) ? [id.Substring(owner.Length + 1)]
        : [];

    private static bool IsOf(string id, string owner) =>
        id == owner || HasSuffix(id, owner) || id.StartsWith(owner + ".", StringComparison.Ordinal);

    private static bool HasSuffix(string id, string owner) => StateSuffix.All.Any(suffix => suffix.OwnerOf(id) == owner);

    // The key of a map or list contains the key of its operator and that of the element, which distinguishes it from an operator with a dot
    // in its id.
    private static bool IsCollection(StateSchema schema) =>
        schema.Key.IndexOf(',') >= 0 && schema.Fields.Fields is [{ Name: "Value" }] or [{ Name: "Expires" }, { Name: "Value" }];
}
