using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator without a class: an attribute of the stream declares it completely and names its inputs. It has neither a key nor
/// state.
/// </summary>
internal abstract class StreamKind : OperatorKind
{
    // Only a class can declare a key or state.
    public sealed override Partitioning Partitioning => Partitioning.Forward;

    /// <summary>The name of the attribute.</summary>
    public abstract string Attribute { get; }

    /// <summary>The parameter of the attribute that names the inputs.</summary>
    public abstract string Parameter { get; }

    /// <summary>The parameter of the attribute that names the preferred input.</summary>
    public abstract string PreferredParameter { get; }

    /// <summary>Errors in the attribute itself.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="producer">Its index among the producers of the stream.</param>
    /// <param name="inputs">The inputs that it names.</param>
    /// <param name="preferred">The preferred input that it names; null if it names none.</param>
    public abstract IEnumerable<DiagnosticInfo> Validate(string stream, int producer, EquatableArray<string> inputs, string? preferred);
}
