using System.ComponentModel;

namespace Penstock;

/// <summary>
/// Describes an operator to builds of other assemblies, which may not see its attributed methods. The Penstock generator puts it on the
/// contract of every <see cref="OperatorAttribute"/> class; do not use it in your own code.
/// </summary>
/// <param name="version">The version of the contract. A generator refuses contracts with a newer version than its own.</param>
/// <param name="kind">The kind of the operator: Map, Filter, FlatMap, AsyncMap, Process, Timer, Window, SlidingWindow,
/// CumulativeWindow, SessionWindow or IntervalJoin.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GeneratedOperatorAttribute(int version, string kind) : Attribute
{
    /// <summary>The version of the contract.</summary>
    public int Version { get; } = version;

    /// <summary>The kind of the operator.</summary>
    public string Kind { get; } = kind;

    /// <summary>
    /// The members of the input row that form the key. Null if it has several inputs, see <see cref="GeneratedInputAttribute"/>, or if the
    /// pipeline that applies the operator names them.
    /// </summary>
    public string[]? Key { get; set; }

    /// <summary>The members of the input row that the operator reads; null if it reads all.</summary>
    public string[]? Reads { get; set; }

    /// <summary>
    /// The origins of the members of the row that its method returns, from which the key of a changelog is derived; null if they are
    /// unknown.
    /// </summary>
    public string[]? Origins { get; set; }

    /// <summary><c>true</c> if it accepts rows that replace or delete earlier ones.</summary>
    public bool AcceptsUpdates { get; set; }

    /// <summary>The length of its windows in microseconds; 0 if it has none.</summary>
    public long WindowSize { get; set; }

    /// <summary>The distance between the ends of two windows in microseconds; 0 if it is the length of a window.</summary>
    public long WindowStep { get; set; }

    /// <summary>The offset of its windows from the Unix epoch in microseconds.</summary>
    public long WindowOffset { get; set; }

    /// <summary>The time without rows after which a session ends, in microseconds; 0 if it has no sessions.</summary>
    public long SessionGap { get; set; }

    /// <summary>The time after its end during which a window still accepts rows, in microseconds.</summary>
    public long AllowedLateness { get; set; }

    /// <summary>For a join, the least that the time of a right row may be after that of a left one, in microseconds.</summary>
    public long JoinLower { get; set; }

    /// <summary>For a join, the most that the time of a right row may be after that of a left one, in microseconds.</summary>
    public long JoinUpper { get; set; }

    /// <summary>1 if a left row of the join has at most one result.</summary>
    public long JoinOnce { get; set; }

    /// <summary><c>true</c> if its method may return null, and then emits no row.</summary>
    public bool ReturnsNull { get; set; }

    /// <summary>The maximum number of rows whose asynchronous calls are in flight; 0 if it makes none.</summary>
    public long CallConcurrency { get; set; }

    /// <summary>The order of the results of calls, as a value of <see cref="AsyncOrder"/>.</summary>
    public long CallOrder { get; set; }

    /// <summary>The maximum time of a call, in microseconds.</summary>
    public long CallTimeout { get; set; }

    /// <summary>The maximum number of calls in a million seconds; 0 for no limit.</summary>
    public long CallRate { get; set; }

    /// <summary><c>true</c> if it has state that expires.</summary>
    public bool HasTtl { get; set; }

    /// <summary>The shortest TTL of state that expires by event time, in microseconds; 0 if there is none.</summary>
    public long MinTtl { get; set; }

    /// <summary>
    /// The name of a state that always expires by event time, which requires input with event time; null if there is none.
    /// </summary>
    public string? EventTimeState { get; set; }

    /// <summary>The names of its side outputs, in the order of the method's parameters; null if it has none.</summary>
    public string[]? SideOutputs { get; set; }

    /// <summary>
    /// The schemas of the operator's saved parts, each preceded by the suffix that the id of the part adds to the operator's id.
    /// </summary>
    public string[]? States { get; set; }
}

/// <summary>
/// Describes one of several inputs of an operator. The Penstock generator puts it on the method of a contract that takes its rows, or on
/// the parameter of a join; do not use it in your own code.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter, Inherited = false)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GeneratedInputAttribute : Attribute
{
    /// <summary>The members of its rows that form the key; null if the pipeline that applies the operator names them.</summary>
    public string[]? Key { get; set; }

    /// <summary>The members of its rows that the operator reads; null if it reads all.</summary>
    public string[]? Reads { get; set; }

    /// <summary><c>true</c> if it accepts rows that replace or delete earlier ones.</summary>
    public bool AcceptsUpdates { get; set; }
}
