using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Locking;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Diagnostics;

/// <summary>Compares the pipelines of one compilation with the lock of its last release.</summary>
internal sealed class LockAnalysis
{
    private readonly AdditionalText _file;
    private readonly SourceText _text;
    private readonly LockFile _lock;
    private readonly ConcurrentDictionary<string, bool> _seen = new();

    private LockAnalysis(AdditionalText file, SourceText text)
    {
        _file = file;
        _text = text;
        _lock = LockFile.Parse(text.ToString());
    }

    /// <summary>The lock among the additional files, or null.</summary>
    public static LockAnalysis? Find(ImmutableArray<AdditionalText> files, CancellationToken cancellation) =>
        files.FirstOrDefault(IsLock) is { } file && file.GetText(cancellation) is { } text ? new LockAnalysis(file, text) : null;

    public static bool IsLock(AdditionalText file) => Path.GetFileName(file.Path) == LockFile.Name;

    /// <summary>The differences between a pipeline and the lock.</summary>
    public IEnumerable<Diagnostic> Analyze(INamedTypeSymbol type, PipelineDeclaration pipeline, LogicalPlan plan)
    {
        _seen[pipeline.Name] = true;
        if (_lock.Problem != null || _lock.IsEmpty)
        {
            return [];
        }

        var locked = _lock.Pipelines.FirstOrDefault(locked => locked.Name == pipeline.Name) ?? new LockedPipeline(pipeline.Name, 0, []);
        return LockRules.Validate(pipeline, plan, locked).Select(found => ToDiagnostic(found, type));
    }

    /// <summary>Errors in the lock itself, after all pipelines were compared.</summary>
    public IEnumerable<Diagnostic> End()
    {
        if (_lock.Problem is { } problem)
        {
            yield return Diagnostic.Create(
                DiagnosticDescriptors.Get("PEN318"),
                LocationOf(problem.Line),
                LockFile.Name,
                problem.Description);
        }

        foreach (var gone in _lock.Pipelines.Where(locked => !_seen.ContainsKey(locked.Name)))
        {
            yield return Diagnostic.Create(DiagnosticDescriptors.Get("PEN317"), LocationOf(gone.Line), gone.Name);
        }
    }

    private static Diagnostic ToDiagnostic(LockFinding found, INamedTypeSymbol pipeline)
    {
        if (found.Stream == null)
        {
            return PenstockAnalyzer.ToDiagnostic(found.Diagnostic, pipeline);
        }

        // The operator if its source code is here; otherwise the place where it is applied.
        var applied = pipeline.GetMembers(found.Stream).FirstOrDefault()?.GetAttributes()
            .Select(static attribute => attribute.AttributeClass)
            .FirstOrDefault(static attribute => attribute.IsPenstock(KnownNames.Apply))?.TypeArguments.FirstOrDefault() as INamedTypeSymbol;
        return applied is { DeclaringSyntaxReferences.Length: > 0 }
            ? PenstockAnalyzer.ToDiagnostic(found.Diagnostic, applied)
            : PenstockAnalyzer.ToDiagnostic(found.Diagnostic with { Place = DiagnosticAnchor.ProducerType(found.Stream) }, pipeline);
    }

    private Location LocationOf(int line)
    {
        var span = _text.Lines[line].Span;
        return Location.Create(_file.Path, span, _text.Lines.GetLinePositionSpan(span));
    }
}
