using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations.Origins;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the methods of an operator that carry an attribute of Penstock's.</summary>
internal static class OperatorMethodReader
{
    private static readonly (string Attribute, MethodForm Form)[] Forms = [.. OperatorKinds.Methods.Select(static form => (form.Name + "Attribute", form))];

    public static List<(IMethodSymbol Symbol, MethodDeclaration Declaration)> Read(ImmutableArray<ISymbol> members)
    {
        var found = new List<(IMethodSymbol, MethodDeclaration)>();
        foreach (var member in members)
        {
            if (member is IMethodSymbol method)
            {
                foreach (var form in FormsOf(method))
                {
                    found.Add((method, Read(method, form, members)));
                }
            }
        }

        return found;
    }

    /// <summary>The methods alone.</summary>
    public static IEnumerable<IMethodSymbol> MethodsIn(ImmutableArray<ISymbol> members) => members.OfType<IMethodSymbol>().Where(static method => FormsOf(method).Any());

    /// <summary>The behaviours that attributes give a method.</summary>
    public static IEnumerable<MethodForm> FormsOf(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && type.IsInPenstock())
            {
                foreach (var (name, form) in Forms)
                {
                    if (type.Name == name)
                    {
                        yield return form;
                    }
                }
            }
        }
    }

    /// <summary>The place of a method among those of its name.</summary>
    public static int OverloadOf(IMethodSymbol method, ImmutableArray<ISymbol> members) =>
        members.OfType<IMethodSymbol>().Where(other => other.Name == method.Name).TakeWhile(other => !SymbolEqualityComparer.Default.Equals(other, method)).Count();

    private static MethodDeclaration Read(IMethodSymbol method, MethodForm form, ImmutableArray<ISymbol> members)
    {
        var reads = form.TakesWindow ? RowReads.Nothing : ReadAnalysis.Of(method);
        return Read(method, form, members, reads) with { Carries = form.MakesRowOfRow && !method.Parameters.IsEmpty ? CarriedMembers.Of(reads, method.Parameters[0].Type) : RowReads.Everything };
    }

    private static MethodDeclaration Read(IMethodSymbol method, MethodForm form, ImmutableArray<ISymbol> members, RowReads reads) => new(
        method.Name,
        OverloadOf(method, members),
        form,
        method.IsStatic,
        method.ReturnsVoid ? null : TypeReader.Read(method.ReturnType),
        method.Parameters.Select(Read).ToEquatableArray(),
        Obstacle(method),
        reads)
    {
        Origins = form.Result == MethodResult.Row ? OriginAnalysis.Of(method) : null,
        TakesUpdates = method.Attribute(form.Name + "Attribute")?.Scalar<bool>("TakesUpdates") == true,
    };

    private static ParameterDeclaration Read(IParameterSymbol parameter)
    {
        var type = parameter.Type;
        var wrapper = type.IsInPenstock() && type.Name is KnownNames.Output or KnownNames.Window or KnownNames.Context ? type.Name : null;
        var inner = wrapper != null && type is INamedTypeSymbol { TypeArguments: [var argument] } ? TypeReader.Read(argument) : null;
        return new ParameterDeclaration(
            parameter.Name,
            parameter.RefKind switch
            {
                RefKind.None => PassingKind.Value,
                RefKind.In or RefKind.RefReadOnlyParameter => PassingKind.In,
                RefKind.Out => PassingKind.Out,
                _ => PassingKind.Ref,
            },
            TypeReader.Read(type),
            wrapper,
            inner);
    }

    /// <summary>Why no generated code can call a method, or null.</summary>
    public static string? Obstacle(IMethodSymbol method) =>
        method.MethodKind != MethodKind.Ordinary ? "explicitly implemented"
        : method.IsGenericMethod ? "generic"
        : method.IsAsync ? "async"
        : method.IsAbstract ? "abstract"
        : method.ReturnsByRef || method.ReturnsByRefReadonly ? "returning by reference"
        : method.IsPartialDefinition && method.PartialImplementationPart == null ? "without a body"
        : null;
}
