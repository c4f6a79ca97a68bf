using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Determines the kind of a state by the type of its property.</summary>
internal static class StateKinds
{
    public static StateKind Of(ITypeSymbol type) =>
        type is not INamedTypeSymbol { Arity: > 0, TypeKind: TypeKind.Class or TypeKind.Struct } ? StateKind.Value
        : type.IsPenstock(KnownNames.MapState) ? StateKind.Map
        : type.IsPenstock(KnownNames.ListState) ? StateKind.List
        : type.IsPenstock(KnownNames.ReducingState) ? StateKind.Reducing
        : StateKind.Value;

    /// <summary>What is wrong with the form of a state that is not a value, or null.</summary>
    public static string? FindProblem(IPropertySymbol property) =>
        property.IsStatic ? "it is static"
        : property.SetMethod != null ? "it has a setter"
        : property.IsIndexer ? "it is an indexer"
        : property.RefKind != RefKind.None ? "it returns by 'ref'"
        : AccessibilityCheck.IsLessAccessible(property) ? AccessibilityCheck.Problem
        : PropertySyntax.HasBody(property) ? "it has a body of its own"
        : PropertySyntax.OtherModifier(property) is { } modifier ? $"it is '{modifier}'"
        : null;

    /// <summary>
    /// The type of a state. A reducing state is a ref struct, for which only the accessibility of its type arguments matters.
    /// </summary>
    public static TypeRef TypeOf(ITypeSymbol type, StateKind kind) => kind != StateKind.Reducing
        ? TypeReader.Read(type)
        : TypeReader.Read(type) with
        {
            Access = IsBroken(type)
                ? TypeAccess.Unknown
                : ((INamedTypeSymbol)type).TypeArguments.Select(TypeReader.Access).Aggregate(TypeReader.Max),
        };

    /// <summary>
    /// Whether it is a reducing state whose reducer does not fit its values. The C# compiler reports this, so it is not reported again.
    /// </summary>
    public static bool IsBroken(
        ITypeSymbol type) => Of(type) == StateKind.Reducing && type is INamedTypeSymbol { TypeArguments: [var value, var reducer] }
        && !reducer.AllInterfaces.Any(contract => contract.IsPenstock(KnownNames.Reducer)
            && SymbolEqualityComparer.Default.Equals(contract.TypeArguments[0], value));

    /// <summary>The value that is stored in the entry of a key for a reducing state.</summary>
    public static ValueModel Reduced(ITypeSymbol type, ValueModel value) =>
        new(
            ValueKind.Record,
            TypeReader.Name(Slot(type)),
            new([new ValueModel(ValueKind.Boolean, TypeName.Of("System.Boolean"), EquatableArray<ValueModel>.Empty), value]))
        {
            Record = new RecordModel(
                new(["HasValue", "Value"]),
                new([EquatableArray<string>.Empty, EquatableArray<string>.Empty]),
                EquatableArray<int>.Empty,
                new([0, 1]),
                IsClass: false,
                IsMutableClass: false,
                IsSealed: true,
                RecordEquality.OfMembers),
        };

    public static TypeName ReducedType(ITypeSymbol type) => TypeReader.Read(Slot(type)).Declared;

    // The constructor takes the stored value.
    private static ITypeSymbol Slot(ITypeSymbol type) =>
        ((INamedTypeSymbol)type).InstanceConstructors.First(static constructor => constructor.Parameters.Length == 1).Parameters[0].Type;
}
