using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the methods of a pipeline that decide watermarks.</summary>
internal static class WatermarkReader
{
    private const int OfReturn = -1;
    private const int OfMethod = -2;

    public static EquatableArray<WatermarkDeclaration> Read(ImmutableArray<ISymbol> members) => members.OfType<IMethodSymbol>()
        .Select(method => method.Attribute(KnownNames.Watermark) is { } attribute ? Read(method, attribute, members) : null)
        .OfType<WatermarkDeclaration>()
        .ToEquatableArray();

    private static WatermarkDeclaration Read(IMethodSymbol method, AttributeData attribute, ImmutableArray<ISymbol> members)
    {
        var (problem, place) = FindProblem(method);
        return new WatermarkDeclaration(
            method.Name,
            OperatorMethods.OverloadOf(method, members),
            attribute.Text("stream"),
            problem,
            place,
            method.Parameters.IsEmpty ? null : TypeReader.Read(method.Parameters[0].Type),
            ReadAnalysis.Of(method));
    }

    private static (string? Problem, int Place) FindProblem(IMethodSymbol method) =>
        !method.IsStatic ? ("it is not static", OfMethod)
        : OperatorMethods.FindProblem(method) is { } problem ? ($"it is {problem}", OfMethod)
        : !IsWatermark(method.ReturnType) ? ("it returns no 'DateTimeOffset?' or 'long?'", OfReturn)
        : method.Parameters.Length < 2 ? ("it lacks a parameter", OfMethod)
        : method.Parameters.Length > 2 ? ("it has too many parameters", 2)
        : method.Parameters[0].RefKind != RefKind.In ? ("its first parameter is not an 'in' parameter", 0)
        : method.Parameters[1] is { RefKind: RefKind.None, Type: var time } && ValueReader.Scalar(time) == ValueKind.DateTimeOffset
            ? (null, OfMethod)
        : ("its second parameter is not a 'DateTimeOffset'", 1);

    private static bool IsWatermark(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
        && (value.SpecialType == SpecialType.System_Int64 || ValueReader.Scalar(value) == ValueKind.DateTimeOffset);
}
