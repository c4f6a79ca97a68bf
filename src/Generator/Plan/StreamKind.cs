using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator without a class: an attribute of the stream says all of it, and names its inputs. It has neither a key nor state.
/// </summary>
internal abstract class StreamKind : OperatorKind
{
    // A key and state are declared on a class.
    public sealed override Partitioning Partitioning => Partitioning.Forward;

    /// <summary>The name of the attribute.</summary>
    public abstract string Attribute { get; }

    /// <summary>The parameter of the attribute that names the inputs.</summary>
    public abstract string Parameter { get; }

    /// <summary>The parameter of the attribute that names the input that goes first.</summary>
    public abstract string PreferredParameter { get; }

    /// <summary>What is wrong with the attribute by itself.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="producer">Which of the producers of the stream it is.</param>
    /// <param name="inputs">The inputs that it names.</param>
    /// <param name="preferred">The input that it names as the one that goes first; null where it names none.</param>
    public abstract IEnumerable<DiagnosticInfo> Validate(string stream, int producer, EquatableArray<string> inputs, string? preferred);
}
