using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Diagnostics;

/// <summary>
/// Finds what a build would not say. The C# compiler asks no analyzer while a declaration has errors: where they stand in a class that is
/// wrong for Penstock, too, the generator reports that itself. An editor, which always asks the analyzer, may then say it twice.
/// </summary>
internal static class HiddenDiagnostics
{
    private const string PropertyWithoutBody = "CS9248";

    /// <summary>What is wrong with a class that is not generated; nothing where the analyzer will say so.</summary>
    public static IEnumerable<Diagnostic> Of(ClassDeclaration declared, Compilation compilation, CancellationToken cancellation)
    {
        foreach (var type in compilation.GetSymbolsWithName(declared.Name, SymbolFilter.Type, cancellation).OfType<INamedTypeSymbol>())
        {
            if (TypeReader.Name(type) == declared.Type && IsHidden(type, declared, compilation, cancellation))
            {
                return PenstockAnalyzer.Find(type, compilation).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            }
        }

        return [];
    }

    private static bool IsHidden(INamedTypeSymbol type, ClassDeclaration declared, Compilation compilation, CancellationToken cancellation)
    {
        var hasBodies = declared.IsExtensible && !declared.LacksBodies;
        return type.DeclaringSyntaxReferences.Any(reference => compilation.GetSemanticModel(reference.SyntaxTree)
            .GetDeclarationDiagnostics(reference.Span, cancellation)
            .Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !(hasBodies && diagnostic.Id == PropertyWithoutBody)));
    }
}
