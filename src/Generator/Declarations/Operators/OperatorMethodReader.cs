using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations.Origins;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the methods of an operator that have an attribute of Penstock.</summary>
internal static class OperatorMethodReader
{
    public static List<(IMethodSymbol Symbol, MethodDeclaration Declaration)> Read(ImmutableArray<ISymbol> members)
    {
        var found = new List<(IMethodSymbol, MethodDeclaration)>();
        foreach (var member in members)
        {
            if (member is IMethodSymbol method)
            {
                foreach (var form in OperatorMethods.FormsOf(method))
                {
                    found.Add((method, Read(method, form, members)));
                }
            }
        }

        return found;
    }

    private static MethodDeclaration Read(IMethodSymbol method, MethodForm form, ImmutableArray<ISymbol> members)
    {
        var reads = form.TakesPair ? RowReads.Everything : form.TakesRow ? ReadAnalysis.Of(method) : RowReads.Nothing;
        return Read(method, form, members, reads) with
        {
            Carries = form.MakesRowOfRow && !method.Parameters.IsEmpty
            ? TransitiveMembers.Of(reads, method.Parameters[0].Type)
            : RowReads.Everything
        };
    }

    private static MethodDeclaration Read(IMethodSymbol method, MethodForm form, ImmutableArray<ISymbol> members, RowReads reads) => new(
        method.Name,
        OperatorMethods.OverloadOf(method, members),
        form,
        method.IsStatic,
        method.ReturnsVoid ? null : TypeReader.Read(method.ReturnType),
        method.Parameters.Select(parameter => Read(parameter, form)).ToEquatableArray(),
        OperatorMethods.FindProblem(method, form),
        reads)
    {
        Awaited = form.IsAwaited ? AwaitedReader.Read(method.ReturnType) : null,
        Options = form.Options is { } options && method.Attribute(form.Name + "Attribute") is { } attribute
            ? OperatorReader.Written(attribute, form.Name + "Attribute", options.Parameters)
            : null,
        Origins = form is { Result: MethodResult.Row, TakesPair: false } ? OriginAnalysis.Of(method) : null,
        HasKey = method.Attribute(KnownNames.KeyBy) != null,
        ClassPart = PartOf(method),
        AcceptsUpdates = method.Attribute(form.Name + "Attribute")?.Scalar<bool>("AcceptsUpdates") == true,
    };

    private static int PartOf(IMethodSymbol method)
    {
        var syntax = method.DeclaringSyntaxReferences.FirstOrDefault();
        return method.ContainingType.DeclaringSyntaxReferences
            .TakeWhile(part => part.SyntaxTree != syntax?.SyntaxTree || !part.Span.Contains(syntax.Span))
            .Count();
    }

    private static ParameterDeclaration Read(IParameterSymbol parameter, MethodForm form)
    {
        // The generator itself adds the accumulator to the class, so its type does not exist while the generator runs.
        var type = parameter.Type;
        var wrapper = form.Takes == MethodInput.State && type.Name == KnownNames.Accumulator
            || type.IsInPenstock() && type.Name is KnownNames.Output or KnownNames.Window or KnownNames.Timer or KnownNames.Context
            ? type.Name
            : type.ToDisplayString() == "System.Threading.CancellationToken" ? KnownNames.CancellationToken
            : null;
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
            inner)
        {
            HasKey = parameter.Attribute(KnownNames.KeyBy) != null,
        };
    }
}
