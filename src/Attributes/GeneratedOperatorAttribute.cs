using System.ComponentModel;

namespace Penstock;

/// <summary>
/// Describes an operator to the builds of other assemblies, where its attributed methods may be invisible. Written by the
/// Penstock generator on the contract of every <see cref="OperatorAttribute"/> class; never by hand.
/// </summary>
/// <param name="version">The version of the contract; a build refuses one that is newer than itself.</param>
/// <param name="kind">What the operator does: Map, Filter, FlatMap, Process or Window.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GeneratedOperatorAttribute(int version, string kind) : Attribute
{
    /// <summary>The version of the contract.</summary>
    public int Version { get; } = version;

    /// <summary>What the operator does.</summary>
    public string Kind { get; } = kind;

    /// <summary>The members of the input row that make the key; null where the pipeline that applies the operator names them.</summary>
    public string[]? Key { get; set; }

    /// <summary>The members of the input row that the operator reads; null for all.</summary>
    public string[]? Reads { get; set; }

    /// <summary>
    /// Of what its method makes the members of the row that it returns, by which the versions of a row are recognized; null where that is
    /// not known.
    /// </summary>
    public string[]? Origins { get; set; }

    /// <summary>Whether it takes rows that replace or delete earlier ones.</summary>
    public bool TakesUpdates { get; set; }

    /// <summary>The length of its windows in microseconds; 0 when it has none.</summary>
    public long WindowSize { get; set; }

    /// <summary>The offset of its windows from the Unix epoch in microseconds.</summary>
    public long WindowOffset { get; set; }

    /// <summary>How long after its end a window still takes rows, in microseconds.</summary>
    public long AllowedLateness { get; set; }

    /// <summary>Whether it has state that expires.</summary>
    public bool HasTtl { get; set; }

    /// <summary>The shortest TTL of what expires by the time of its rows, in microseconds; 0 when there is none.</summary>
    public long ShortestTtl { get; set; }

    /// <summary>A state that expires by event time alone, so that its rows must have it; null when there is none.</summary>
    public string? EventTimeState { get; set; }

    /// <summary>The names of its side outputs, in the order in which its method takes them; null when it has none.</summary>
    public string[]? SideOutputs { get; set; }

    /// <summary>
    /// What the operator saves: the schemas of its parts, each behind what the id of the part adds to that of the operator.
    /// </summary>
    public string[]? States { get; set; }
}
