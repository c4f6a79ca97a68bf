using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.ReplaySafety;

namespace Penstock.Generator.Diagnostics;

/// <summary>
/// Reports what an operator would lose at a restart, values that it would read differently, and timers that it cannot have. Only the
/// analyzer does this, because it must examine the code of methods, and generated code does not depend on it.
/// </summary>
internal static class ReplaySafetyDiagnostics
{
    public static IEnumerable<Diagnostic> Of(INamedTypeSymbol type, OperatorDeclaration declared, Compilation compilation) =>
        Lost(type)
            .Concat(NondeterminismAnalysis.Find(type, compilation).Select(read => ToDiagnostic(read, type)))
            .Concat(TimersWithoutMethod(type, declared, compilation));

    private static IEnumerable<Diagnostic> TimersWithoutMethod(
        INamedTypeSymbol type, OperatorDeclaration declared, Compilation compilation) =>
        declared.Methods.Any(static method => method.Form.Takes == MethodInput.Timer)
            ? []
            : TimerUses.Find(type, compilation).Select(use => Diagnostic.Create(
                DiagnosticDescriptors.Get("PEN226"),
                use.GetLocation(),
                type.Name));

    private static IEnumerable<Diagnostic> Lost(INamedTypeSymbol type)
    {
        foreach (var lost in UnsavedMembers.Find(type))
        {
            var how = lost.ChangedBy == null ? "can change" : $"is changed by '{lost.ChangedBy}'";
            var remedy = lost.ChangedBy != null || lost.Member is IEventSymbol ? "do not change it" : "make it readonly";
            if (SymbolEqualityComparer.Default.Equals(lost.Member.ContainingType, type))
            {
                yield return Diagnostic.Create(DiagnosticDescriptors.Get("PEN305"), PlaceOf(lost.Member), lost.Member.Name, how, remedy);
            }
            else if (lost.Member is INamedTypeSymbol hidden)
            {
                yield return Diagnostic.Create(
                    DiagnosticDescriptors.Get("PEN307"),
                    BaseOf(type),
                    hidden.Name,
                    hidden.ContainingAssembly.Name,
                    type.Name);
            }
            else
            {
                var place = lost.Member.DeclaringSyntaxReferences.IsEmpty ? BaseOf(type) : PlaceOf(lost.Member);
                yield return Diagnostic.Create(
                    DiagnosticDescriptors.Get("PEN306"),
                    place,
                    lost.Member.Name,
                    lost.Member.ContainingType.Name,
                    how,
                    type.Name,
                    remedy);
            }
        }
    }

    private static Diagnostic ToDiagnostic(OutsideRead read, INamedTypeSymbol type)
    {
        var (why, remedy) = read.Kind switch
        {
            OutsideAnswer.Clock =>
                (
                    "reads the clock",
                    "use a timestamp in the row, the time of Context or Window, or an injected TimeProvider if processing time is meant"),
            OutsideAnswer.Chance =>
                ("is random", "compute it from what identifies the row, such as its id or key, or use a Random with a seed from the row"),
            OutsideAnswer.Start =>
                (
                    "starts over at each start of the program",
                    "create a Random with a seed from the row, or mark it with [Transient] if it may start over"),
            OutsideAnswer.Process => ("differs between processes", "use a hash that is the same in all processes, such as XxHash64"),
            _ => throw new InvalidOperationException($"Unknown kind of answer: {read.Kind}."),
        };
        return Diagnostic.Create(
            DiagnosticDescriptors.Get("PEN308"),
            read.Place.GetLocation(),
            read.Place.ToString().TrimStart('.'),
            why,
            type.Name,
            remedy);
    }

    private static Location PlaceOf(ISymbol member) =>
        member.Locations.FirstOrDefault(static location => location.IsInSource) ?? Location.None;

    private static Location BaseOf(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Where(static reference => !Symbols.IsGenerated(reference))
        .Select(static reference => (reference.GetSyntax() as TypeDeclarationSyntax)?.BaseList?.Types.FirstOrDefault()?.GetLocation())
        .FirstOrDefault(static location => location != null) ?? PlaceOf(type);
}
