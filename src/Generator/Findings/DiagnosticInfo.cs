using Penstock.Generator.Equality;

namespace Penstock.Generator.Findings;

/// <summary>An error or warning about a declaration.</summary>
/// <param name="Id">The id of the diagnostic.</param>
/// <param name="Place">Its place.</param>
/// <param name="Arguments">The arguments of its message.</param>
/// <param name="Suggestion">The name that was probably meant, or the stream to change; null if there is none.</param>
internal sealed record DiagnosticInfo(string Id, DiagnosticAnchor Place, EquatableArray<string> Arguments, string? Suggestion = null)
{
    public DiagnosticInfo(string id, DiagnosticAnchor place, params string[] arguments)
        : this(id, place, new EquatableArray<string>(arguments))
    {
    }

    /// <summary>Whether it prevents code generation.</summary>
    public bool IsError => DiagnosticDescriptors.IsError(Id);
}
