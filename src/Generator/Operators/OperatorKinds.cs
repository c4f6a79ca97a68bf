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
        new AsyncMapKind(),
        new ProcessKind(),
        new TimerKind(),
        new WindowKind(),
        new SlidingWindowKind(),
        new CumulativeWindowKind(),
        new SessionWindowKind(),
        new IntervalJoinKind(),
        new UnionKind(),
        new DistinctKind(),
        new KeepFirstKind(),
        new KeepLastKind(),
        new SortByTimeKind(),
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

    /// <summary>The methods of which a class may have several, one for each input.</summary>
    public static IReadOnlyList<MethodForm> InputMethods { get; } =
        [.. Classes.Where(static kind => kind.TakesSeveralInputs).Select(static kind => kind.Main).Distinct()];

    /// <summary>The kind of a class.</summary>
    /// <param name="methods">Its methods, at least one.</param>
    /// <param name="attributes">The attributes of kinds that it has.</param>
    public static ClassKind Of(IReadOnlyList<MethodForm> methods, EquatableArray<WrittenAttribute> attributes) =>
        Of(Classes, methods, attributes);

    /// <summary>
    /// The kind of a class. Several kinds may share the first method of a class. Then an attribute of the class determines its kind or, if
    /// it has none, its other methods: a kind that has all of them, and as few others as possible. If there is no such kind, the class is
    /// incomplete, and is treated as the first kind.
    /// </summary>
    public static ClassKind Of(
        IEnumerable<ClassKind> kinds,
        IReadOnlyList<MethodForm> methods,
        EquatableArray<WrittenAttribute> attributes)
    {
        var having = kinds.Where(kind => kind.Methods.Contains(methods[0])).ToList();
        var free = having.FindAll(static kind => kind.Attribute == null);
        return having.Find(kind => attributes.Any(written => written.Name == kind.Attribute?.Name))
            ?? free.Where(kind => methods.All(kind.Methods.Contains)).OrderBy(static kind => kind.Methods.Count).FirstOrDefault()
            ?? free.FirstOrDefault()
            ?? having[0];
    }

    /// <summary>The kind with the name in a contract; null if this version does not know it.</summary>
    public static ClassKind? Named(string? name) => Classes.FirstOrDefault(kind => kind.Name == name);
}
