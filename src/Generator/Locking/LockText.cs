using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Planning;

namespace Penstock.Generator.Locking;

/// <summary>Creates the lock for a program.</summary>
internal static class LockText
{
    /// <summary>The lock for all pipelines of a compilation.</summary>
    public static string Of(Compilation compilation) => LockFile.Write(TypesIn(compilation.Assembly.GlobalNamespace)
        .Select(type => PipelineReader.Read(type, compilation))
        .OfType<PipelineDeclaration>()
        .Select(static pipeline => (pipeline.Name, LockedState.Of(PlanBuilder.Build(pipeline)))));

    private static IEnumerable<INamedTypeSymbol> TypesIn(
        INamespaceOrTypeSymbol container) => container.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(static member => TypesIn(member).Concat(member is INamedTypeSymbol type ? [type] : []));
}
