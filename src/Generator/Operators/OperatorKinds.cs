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

    /// <summary>The methods that classes have.</summary>
    public static IReadOnlyList<MethodForm> Methods { get; } = [.. Classes.SelectMany(static kind => kind.Methods)];

    /// <summary>The kind of a class with such a method.</summary>
    public static ClassKind Of(MethodForm method) => Classes.First(kind => kind.Methods.Contains(method));

    /// <summary>The kind that a contract names, or null when this version does not know it.</summary>
    public static ClassKind? Named(string? name) => Classes.FirstOrDefault(kind => kind.Name == name);
}
