using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>The kinds of operators that there are.</summary>
internal static class OperatorKinds
{
    public static IReadOnlyList<OperatorKind> All
    {
        get;
    } = [new MapKind(), new FilterKind(), new FlatMapKind(), new ProcessKind(), new WindowKind(), new UnionKind()];

    /// <summary>Those that users write as classes.</summary>
    public static IReadOnlyList<ClassKind> Classes { get; } = [.. All.OfType<ClassKind>()];

    /// <summary>Those that an attribute of the stream declares.</summary>
    public static IReadOnlyList<StreamKind> Streams { get; } = [.. All.OfType<StreamKind>()];

    /// <summary>The attributes by which classes are of a kind.</summary>
    public static IReadOnlyList<KindAttribute> Attributes { get; } =
        [.. Classes.Select(static kind => kind.Attribute).OfType<KindAttribute>()];

    /// <summary>The methods that classes have.</summary>
    public static IReadOnlyList<MethodForm> Methods { get; } = [.. Classes.SelectMany(static kind => kind.Methods).Distinct()];

    /// <summary>The kind of a class.</summary>
    /// <param name="method">Its first method.</param>
    /// <param name="attributes">The attributes of kinds that it has.</param>
    public static ClassKind Of(MethodForm method, EquatableArray<WrittenAttribute> attributes) => Of(Classes, method, attributes);

    /// <summary>
    /// The kind of a class. Several kinds may have the same methods, each with an attribute of its own. A class that has none of these
    /// attributes is of the kind without one; where there is no such kind, the class is incomplete and counts as one of the first.
    /// </summary>
    public static ClassKind Of(IEnumerable<ClassKind> kinds, MethodForm method, EquatableArray<WrittenAttribute> attributes)
    {
        var having = kinds.Where(kind => kind.Methods.Contains(method)).ToList();
        return having.Find(kind => attributes.Any(written => written.Name == kind.Attribute?.Name))
            ?? having.Find(static kind => kind.Attribute == null)
            ?? having[0];
    }

    /// <summary>The kind that a contract names, or null when this version does not know it.</summary>
    public static ClassKind? Named(string? name) => Classes.FirstOrDefault(kind => kind.Name == name);
}
