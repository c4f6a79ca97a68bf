using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Words;

namespace Penstock.Generator.Authoring;

/// <summary>
/// What the author of a connector declares: an attribute for streams, and the factory that generated code calls for what the attribute
/// stands for. What is wrong with them is said there: in a pipeline of a user it would be an error in generated code.
/// </summary>
internal static class ConnectorContract
{
    /// <summary>Everything that is wrong with the attribute class of a connector.</summary>
    /// <param name="type">The class; any other one is right.</param>
    /// <param name="compilation">The program.</param>
    public static IEnumerable<DiagnosticInfo> Validate(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.Attribute(KnownNames.Connector) is not { } connector)
        {
            yield break;
        }

        var isSource = type.DerivesFrom(KnownNames.Source);
        if (!isSource && !type.DerivesFrom(KnownNames.Sink))
        {
            yield return new DiagnosticInfo("PEN550", DiagnosticAnchor.Class, type.Name);
            yield break;
        }

        if (FactoryMethods.Of(type, isSource) is not { } methods)
        {
            yield return new DiagnosticInfo("PEN551", DiagnosticAnchor.Class, type.Name);
            yield break;
        }

        // What does not compile, the compiler tells.
        if (connector.ConstructorArguments is not [{ Value: INamedTypeSymbol { TypeKind: not TypeKind.Error } factory }])
        {
            yield break;
        }

        foreach (var (method, reason) in FactoryMethods.Faults(methods, factory, type, compilation))
        {
            yield return new DiagnosticInfo(
                "PEN552",
                DiagnosticAnchor.ClassAttribute(KnownNames.Connector, "factory"),
                factory.Name,
                type.Name,
                reason,
                method.Declaration(type));
        }

        foreach (var finding in ConnectorDefaults.Validate(type))
        {
            yield return finding;
        }
    }
}
