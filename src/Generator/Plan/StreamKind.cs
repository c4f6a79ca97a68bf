using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator without a class: an attribute of the stream declares it completely and names its inputs. State that it keeps is its
/// own: see <see cref="KeyedStreamKind"/>.
/// </summary>
internal abstract class StreamKind : OperatorKind
{
    /// <summary>The name of the attribute.</summary>
    public abstract string Attribute { get; }

    /// <summary>The parameter of the attribute that names the inputs.</summary>
    public abstract string Parameter { get; }

    /// <summary>The parameter of the attribute that names the preferred input; null if it has none.</summary>
    public abstract string? PreferredParameter { get; }

    /// <summary>Whether it works without a key, too, although its rows are partitioned by key.</summary>
    public virtual bool KeyIsOptional => false;

    /// <summary>The other parameters of the attribute, which are read as text.</summary>
    public abstract EquatableArray<string> Options { get; }

    /// <summary>Errors in the attribute itself.</summary>
    public abstract IEnumerable<DiagnosticInfo> Validate(WrittenStream written);
}

/// <summary>The attribute of a stream that declares an operator without a class, as written.</summary>
/// <param name="Stream">The name of the stream.</param>
/// <param name="Producer">Its index among the producers of the stream.</param>
/// <param name="Inputs">The inputs that it names.</param>
/// <param name="Preferred">The preferred input that it names; null if it names none.</param>
/// <param name="Options">Its other values.</param>
internal sealed record WrittenStream(
    string Stream,
    int Producer,
    EquatableArray<string> Inputs,
    string? Preferred,
    WrittenAttribute Options)
{
    /// <summary>The place of one of its parameters, or of the attribute itself.</summary>
    public DiagnosticAnchor PlaceOf(string? parameter = null) => DiagnosticAnchor.Producer(Stream, Producer, parameter);
}
