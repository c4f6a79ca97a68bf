using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>All kinds of operators.</summary>
internal static class OperatorKinds
{
    public static IReadOnlyList<OperatorKind> All
    {
        get;
    } = [new MapKind(), new FilterKind(), new FlatMapKind(), new ProcessKind(), new WindowKind(), new UnionKind()];

    /// <summary>The kinds that users write as classes.</summary>
    public static IReadOnlyList<ClassKind> Classes { get; } = [.. All.OfType<ClassKind>()];

    /// <summary>The kinds that an attribute of the stream declares.</summary>
    public static IReadOnlyList<StreamKind> Streams { get; } = [.. All.OfType<StreamKind>()];

    /// <summary>All methods that operator classes can have.</summary>
    public static IReadOnlyList<MethodForm> Methods { get; } = [.. Classes.SelectMany(static kind => kind.Methods)];

    /// <summary>The kind of a class with such a method.</summary>
    public static ClassKind Of(MethodForm method) => Classes.First(kind => kind.Methods.Contains(method));

    /// <summary>The kind with the name in a contract; null if this version does not know it.</summary>
    public static ClassKind? Named(string? name) => Classes.FirstOrDefault(kind => kind.Name == name);
}
