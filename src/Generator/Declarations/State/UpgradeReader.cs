using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads <c>[StateUpgrade]</c>.</summary>
internal static class UpgradeReader
{
    public static IEnumerable<UpgradeDeclaration> Read(ImmutableArray<ISymbol> members, IAssemblySymbol home)
    {
        foreach (var method in members.OfType<IMethodSymbol>())
        {
            var index = 0;
            foreach (var attribute in method.Attributes(KnownNames.StateUpgrade))
            {
                yield return Read(method, attribute, index++, OperatorMethods.OverloadOf(method, members), new StateValueReader(home));
            }
        }
    }

    private static UpgradeDeclaration Read(
        IMethodSymbol method,
        AttributeData attribute,
        int index,
        int overload,
        StateValueReader values) => new(
        TypeReader.Name(method.ContainingType),
        method.Name,
        overload,
        index,
        attribute.Text("state"),
        attribute.RestTexts("from").ToEquatableArray(),
        method.Parameters.Select(parameter => Read(parameter, values)).ToEquatableArray(),
        method.ReturnsVoid ? null : TypeReader.Read(method.ReturnType),
        method.IsStatic ? OperatorMethods.FindProblem(method) : "not static");

    private static UpgradeParameter Read(IParameterSymbol parameter, StateValueReader values)
    {
        var value = values.Read(parameter.Type, parameter);
        return new UpgradeParameter(
            parameter.Name,
            TypeReader.Read(parameter.Type),
            value,
            UnsupportedPart.Find(value, parameter.Name),
            parameter.RefKind is not (RefKind.None or RefKind.In));
    }
}
