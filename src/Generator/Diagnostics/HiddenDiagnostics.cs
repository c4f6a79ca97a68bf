using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Diagnostics;

/// <summary>
/// Finds diagnostics that a build would not report. The C# compiler runs no analyzer while a declaration has errors. If such errors are in
/// a class that is also invalid for Penstock, the generator reports the latter itself. An editor, which always runs the analyzer, may
/// report them twice.
/// </summary>
internal static class HiddenDiagnostics
{
    private const string PropertyWithoutBody = "CS9248";
    private const string UnknownType = "CS0246";

    /// <summary>The errors in a class that is not generated; empty if the analyzer reports them.</summary>
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
        var isOperator = declared.IsExtensible && type.Attribute(KnownNames.Operator) != null;
        return type.DeclaringSyntaxReferences.Any(reference => compilation.GetSemanticModel(reference.SyntaxTree)
            .GetDeclarationDiagnostics(reference.Span, cancellation)
            .Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                && !(hasBodies && diagnostic.Id == PropertyWithoutBody)
                && !(isOperator && IsAccumulator(diagnostic))));
    }

    // An invalid operator gets this type, too, if it has a method that merges states.
    private static bool IsAccumulator(Diagnostic diagnostic)
    {
        if (diagnostic.Id != UnknownType || diagnostic.Location.SourceTree is not { } tree)
        {
            return false;
        }

        var node = tree.GetRoot().FindNode(diagnostic.Location.SourceSpan);
        return node is IdentifierNameSyntax { Identifier.ValueText: KnownNames.Accumulator }
            && node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method
            && method.AttributeLists.SelectMany(static list => list.Attributes)
                .Any(static attribute => attribute.Name.ToString().Split('.').Last() is "Merge" or "MergeAttribute");
    }
}
