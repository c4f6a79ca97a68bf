using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>All kinds of operators.</summary>
internal static class OperatorKinds
{
    public static IReadOnlyList<OperatorKind> All
    {
        get;
    } =
    [
        new MapKind(),
        new FilterKind(),
        new FlatMapKind(),
        new ProcessKind(),
        new WindowKind(),
        new SlidingWindowKind(),
        new CumulativeWindowKind(),
        new UnionKind(),
    ];

    /// <summary>The kinds that users write as classes.</summary>
    public static IReadOnlyList<ClassKind> Classes { get; } = [.. All.OfType<ClassKind>()];

    /// <summary>The kinds that an attribute of the stream declares.</summary>
    public static IReadOnlyList<StreamKind> Streams { get; } = [.. All.OfType<StreamKind>()];

    /// <summary>The attributes that determine the kind of a class.</summary>
    public static IReadOnlyList<KindAttribute> Attributes { get; } =
        [.. Classes.Select(static kind => kind.Attribute).OfType<KindAttribute>()];

    /// <summary>All methods that operator classes can have.</summary>
    public static IReadOnlyList<MethodForm> Methods { get; } = [.. Classes.SelectMany(static kind => kind.Methods).Distinct()];

    /// <summary>The kind of a class.</summary>
    /// <param name="method">Its first method.</param>
    /// <param name="attributes">The attributes of kinds that it has.</param>
    public static ClassKind Of(MethodForm method, EquatableArray<WrittenAttribute> attributes) => Of(Classes, method, attributes);

    /// <summary>
    /// The kind of a class. Several kinds may share methods if each has its own attribute. A class without any of these attributes is of
    /// the kind that has no attribute. If there is no such kind, the class is incomplete, and is treated as the first kind.
    /// </summary>
    public static ClassKind Of(IEnumerable<ClassKind> kinds, MethodForm method, EquatableArray<WrittenAttribute> attributes)
    {
        var having = kinds.Where(kind => kind.Methods.Contains(method)).ToList();
        return having.Find(kind => attributes.Any(written => written.Name == kind.Attribute?.Name))
            ?? having.Find(static kind => kind.Attribute == null)
            ?? having[0];
    }

    /// <summary>The kind with the name in a contract; null if this version does not know it.</summary>
    public static ClassKind? Named(string? name) => Classes.FirstOrDefault(kind => kind.Name == name);
}
