using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// The options of a method's attribute: how they are written, what can be wrong with them, and what other assemblies learn of them. There
/// is one object for each method that has options.
/// </summary>
internal abstract class MethodOptions
{
    /// <summary>The properties of the attribute, as they are named.</summary>
    public abstract EquatableArray<string> Parameters { get; }

    /// <summary>What is wrong with the options of a method.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="written">The options.</param>
    /// <param name="placeOf">The place of a property.</param>
    public abstract IEnumerable<DiagnosticInfo> Validate(string method, WrittenAttribute written, Func<string, DiagnosticAnchor> placeOf);

    /// <summary>The options; those that are wrong or not given get a default.</summary>
    public abstract KindValues ValuesOf(WrittenAttribute written);

    /// <summary>The options from the contract of an operator of another assembly; null where the contract lacks them.</summary>
    /// <param name="contract">The value of a property of the contract's attribute; null where it is not set.</param>
    public abstract KindValues? ValuesOf(Func<string, long?> contract);
}
