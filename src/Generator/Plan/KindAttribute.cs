using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// The attribute of a class that makes it an operator of one kind, with the values of the kind: how they are written, what can be wrong
/// with them, and what other assemblies learn of them. There is one object of each.
/// </summary>
internal abstract class KindAttribute
{
    /// <summary>The name of the attribute's class.</summary>
    public abstract string Name { get; }

    /// <summary>What it gives a class, as one word of a message.</summary>
    public abstract string Noun { get; }

    /// <summary>How a class that lacks it could have it.</summary>
    public abstract string Example { get; }

    /// <summary>The parameters of its constructor and its properties, as they are named.</summary>
    public abstract EquatableArray<string> Parameters { get; }

    /// <summary>What is wrong with its values.</summary>
    public abstract IEnumerable<DiagnosticInfo> Validate(WrittenAttribute written);

    /// <summary>Its values; those that are wrong get a default.</summary>
    public abstract KindValues ValuesOf(WrittenAttribute written);

    /// <summary>Its values from the contract of an operator of another assembly; null where the contract lacks them.</summary>
    /// <param name="contract">The value of a property of the contract's attribute; null where it is not set.</param>
    public abstract KindValues? ValuesOf(Func<string, long?> contract);

    /// <summary>The place of a parameter, for findings.</summary>
    protected DiagnosticAnchor PlaceOf(string parameter) => DiagnosticAnchor.ClassAttribute(Name, parameter);

    public sealed override string ToString() => $"[{Name.Substring(0, Name.Length - "Attribute".Length)}]";
}

/// <summary>The values of a kind's attribute. Each kind that has such values has a record of its own.</summary>
internal abstract record KindValues
{
    /// <summary>The properties of the contract's attribute by which other assemblies learn the values.</summary>
    public abstract IEnumerable<(string Name, long Value)> Contract { get; }
}

/// <summary>The attribute of a kind on a class, as text: not yet known to be right.</summary>
/// <param name="Name">The name of the attribute's class.</param>
/// <param name="Values">The values that it is given.</param>
internal sealed record WrittenAttribute(string Name, EquatableArray<WrittenValue> Values)
{
    /// <summary>The text of a value; null where it is not given.</summary>
    public string? this[string parameter] => Values.FirstOrDefault(value => value.Parameter == parameter)?.Text;
}

/// <summary>A value of an attribute.</summary>
/// <param name="Text">The string; numbers as C# writes them; empty for what is no constant.</param>
internal sealed record WrittenValue(string Parameter, string Text);
