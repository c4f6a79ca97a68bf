using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Words;

namespace Penstock.Generator.Authoring;

/// <summary>
/// Checks the declaration of a connector: an attribute for streams, and the factory methods that generated code calls with it. Errors are
/// reported to the author of the connector, because in a pipeline of a user they would be errors in generated code.
/// </summary>
internal static class ConnectorContract
{
    /// <summary>All errors in the attribute class of a connector.</summary>
    /// <param name="type">The class. Other classes have no errors.</param>
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

        // The C# compiler reports code that does not compile.
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
