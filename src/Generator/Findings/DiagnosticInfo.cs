using Penstock.Generator.Equality;

namespace Penstock.Generator.Findings;

/// <summary>Something that is wrong with a declaration.</summary>
/// <param name="Id">The id of the diagnostic.</param>
/// <param name="Place">Where.</param>
/// <param name="Arguments">What its message is filled with.</param>
/// <param name="Suggestion">The name that was probably meant, or the stream to change; null when there is none.</param>
internal sealed record DiagnosticInfo(string Id, DiagnosticAnchor Place, EquatableArray<string> Arguments, string? Suggestion = null)
{
    public DiagnosticInfo(string id, DiagnosticAnchor place, params string[] arguments)
        : this(id, place, new EquatableArray<string>(arguments))
    {
    }

    /// <summary>Whether nothing can be generated from the declaration.</summary>
    public bool IsError => DiagnosticDescriptors.IsError(Id);
}
