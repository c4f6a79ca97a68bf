using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Penstock.Generator.Authoring;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Planning;
using Penstock.Generator.Validation;

namespace Penstock.Generator.Diagnostics;

/// <summary>Reports errors in pipelines and operators at the exact token. It uses the same validation as the generator.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PenstockAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that contains the name that was probably meant, or the stream to change.</summary>
    internal const string SuggestionProperty = "suggestion";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => DiagnosticDescriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var locked = LockAnalysis.Find(start.Options.AdditionalFiles, start.CancellationToken);
            start.RegisterSymbolAction(context => AnalyzeType(context, locked), SymbolKind.NamedType);
            if (locked != null)
            {
                start.RegisterCompilationEndAction(end => Report(end.ReportDiagnostic, locked.End()));
            }
        });
    }

    internal static Diagnostic ToDiagnostic(DiagnosticInfo finding, INamedTypeSymbol type)
    {
        var properties = finding.Suggestion == null
            ? ImmutableDictionary<string, string?>.Empty
            : ImmutableDictionary<string, string?>.Empty.Add(SuggestionProperty, finding.Suggestion);
        return Diagnostic.Create(
            DiagnosticDescriptors.Get(finding.Id),
            AnchorResolver.Resolve(finding.Place, type),
            properties,
            [.. finding.Arguments]);
    }

    /// <summary>All errors in a class itself, without a lock.</summary>
    internal static IEnumerable<Diagnostic> Find(INamedTypeSymbol type, Compilation compilation)
    {
        var pipeline = PipelineReader.Read(type, compilation);
        var declared = OperatorReader.Read(type, compilation);
        var findings = new List<DiagnosticInfo>();
        if (pipeline != null)
        {
            findings.AddRange(PipelineRules.Validate(pipeline, PlanBuilder.Build(pipeline)));
        }

        if (declared != null)
        {
            findings.AddRange(OperatorRules.Validate(declared));
        }

        if (pipeline == null && declared == null)
        {
            findings.AddRange(FindStray(type));
            findings.AddRange(ConnectorContract.Validate(type, compilation));
        }

        return findings
            .Select(finding => ToDiagnostic(finding, type))
            .Concat(declared == null ? [] : ReplaySafetyDiagnostics.Of(type, declared, compilation));
    }

    private static void AnalyzeType(SymbolAnalysisContext context, LockAnalysis? locked)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface))
        {
            return;
        }

        Report(context.ReportDiagnostic, Find(type, context.Compilation));
        if (locked != null && PipelineReader.Read(type, context.Compilation) is { } pipeline)
        {
            Report(context.ReportDiagnostic, locked.Analyze(type, pipeline, PlanBuilder.Build(pipeline)));
        }
    }

    /// <summary>
    /// Attributes of Penstock in a class that is neither a pipeline nor an operator would have no effect: the attribute of the class is
    /// missing.
    /// </summary>
    private static IEnumerable<DiagnosticInfo> FindStray(INamedTypeSymbol type)
    {
        foreach (var member in type.WrittenMembers())
        {
            if (member is IPropertySymbol or IMethodSymbol or IFieldSymbol && !member.GetAttributes().IsEmpty)
            {
                var owner = MisplacedAttributes.IsStreamMember(member)
                    ? "[Pipeline]"
                    : MisplacedAttributes.IsOperatorMember(member) ? "[Operator]" : null;
                if (owner != null)
                {
                    yield return new DiagnosticInfo("PEN015", DiagnosticAnchor.Name(member.Name), member.Name, owner);
                    yield break;
                }
            }
        }

        foreach (var property in PartialProperties.Bodiless(type))
        {
            if (type.GetMembers(property.Name).OfType<IPropertySymbol>().Any(PartialProperties.IsOfOurType))
            {
                yield return new DiagnosticInfo(
                    "PEN021",
                    DiagnosticAnchor.Name(property.Name),
                    property.Name,
                    "move streams to a class with [Pipeline] and state to a class with [Operator]");
            }
        }
    }

    private static void Report(Action<Diagnostic> report, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            report(diagnostic);
        }
    }
}
