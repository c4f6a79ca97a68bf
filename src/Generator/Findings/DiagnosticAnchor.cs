using Penstock.Generator.Words;

namespace Penstock.Generator.Findings;

/// <summary>
/// A place in a declaration without a location, so that models stay equal when code above them moves. The analyzer converts it to a span.
/// </summary>
/// <param name="Member">The member of the declared class, or null for the class itself.</param>
/// <param name="Part">The part of the member or class.</param>
/// <param name="Index">The index among several overloads, attributes or parameters.</param>
/// <param name="Attribute">For <see cref="AnchorPart.Attribute"/>, the class of the attribute.</param>
/// <param name="Argument">The parameter or property of the attribute, or null for the attribute itself.</param>
/// <param name="Element">The index in an array argument, or -1.</param>
/// <param name="Overload">For attributes of methods, the index of the overload.</param>
internal sealed record DiagnosticAnchor(
    string? Member,
    AnchorPart Part,
    int Index = 0,
    string? Attribute = null,
    string? Argument = null,
    int Element = -1,
    int Overload = 0)
{
    /// <summary>The member of the row of a stream.</summary>
    public string? RowMember { get; init; }

    /// <summary>For an attribute of a parameter of a method, the index of the parameter; otherwise -1.</summary>
    public int ParameterIndex { get; init; } = -1;

    public static DiagnosticAnchor Class { get; } = new(null, AnchorPart.Name);

    /// <summary>The containing type with an index, counted from the innermost.</summary>
    public static DiagnosticAnchor ContainingClass(int index) => new(null, AnchorPart.ContainingName, index);

    public static DiagnosticAnchor ClassAttribute(string attribute, string? argument = null, int element = -1) =>
        new(null, AnchorPart.Attribute, 0, attribute, argument, element);

    public static DiagnosticAnchor Name(string member) => new(member, AnchorPart.Name);

    public static DiagnosticAnchor Type(string member) => new(member, AnchorPart.Type);

    public static DiagnosticAnchor RowType(string member) => new(member, AnchorPart.RowType);

    public static DiagnosticAnchor Producer(string stream, int index = 0, string? argument = null) =>
        new(stream, AnchorPart.Producer, index, null, argument);

    /// <summary>An element of the array that is passed to a producer.</summary>
    public static DiagnosticAnchor ProducerElement(string stream, int index, string argument, int element) =>
        new(stream, AnchorPart.Producer, index, null, argument, element);

    /// <summary>The type argument of a producer: the operator or the custom source.</summary>
    public static DiagnosticAnchor ProducerType(string stream, int index = 0) =>
        new(stream, AnchorPart.Producer, index, null, TypeArgument);

    public static DiagnosticAnchor Sink(string stream, int index, string? argument = null) =>
        new(stream, AnchorPart.Sink, index, null, argument);

    public static DiagnosticAnchor AttributeOf(string member, string attribute, string? argument = null, int element = -1) =>
        new(member, AnchorPart.Attribute, 0, attribute, argument, element);

    /// <summary>One of several attributes of a class.</summary>
    public static DiagnosticAnchor ClassAttribute(string attribute, int index, string argument) =>
        new(null, AnchorPart.Attribute, index, attribute, argument);

    /// <summary>One of several attributes of a method, or one of its positional arguments.</summary>
    public static DiagnosticAnchor MethodAttribute(string method, int overload, string attribute, int index, int element) =>
        new(method, AnchorPart.Attribute, index, attribute, "", element, overload);

    /// <summary>An attribute of a method, or one of its arguments.</summary>
    public static DiagnosticAnchor MethodAttribute(
        string method,
        int overload,
        string attribute,
        string? argument = null,
        int element = -1) =>
        new(method, AnchorPart.Attribute, 0, attribute, argument, element, overload);

    /// <summary>An attribute of a parameter of a method, or one of its arguments.</summary>
    public static DiagnosticAnchor ParameterAttribute(
        string method,
        int overload,
        int parameter,
        string attribute,
        string? argument = null,
        int element = -1) =>
        new(method, AnchorPart.Attribute, 0, attribute, argument, element, overload) { ParameterIndex = parameter };

    /// <summary>A member of a type in a state, by its path from the state.</summary>
    public static DiagnosticAnchor StatePart(string state, string path) => new(state, AnchorPart.StatePart, 0, null, path);

    /// <summary>A column of the row of a stream: the argument of its <c>[Column]</c>, or the member.</summary>
    public static DiagnosticAnchor Column(string stream, string member, string? argument = null) =>
        new(stream, AnchorPart.Column, 0, KnownNames.Column, argument) { RowMember = member };

    public static DiagnosticAnchor Method(string name, int overload) => new(name, AnchorPart.Name, overload);

    public static DiagnosticAnchor Return(string name, int overload) => new(name, AnchorPart.Type, overload);

    public static DiagnosticAnchor Parameter(string name, int overload, int parameter) =>
        new(name, AnchorPart.Parameter, overload, null, null, parameter);

    /// <summary>A parameter of the constructor that creates the class.</summary>
    public static DiagnosticAnchor ServiceParameter(int parameter) => new(null, AnchorPart.Parameter, 0, null, null, parameter);

    public const string TypeArgument = "<T>";
}

internal enum AnchorPart
{
    Name,
    ContainingName,
    Type,

    /// <summary>The <c>T</c> of <c>Stream&lt;T&gt;</c>.</summary>
    RowType,

    /// <summary>A member of the row of a stream; the row type itself if its code is not part of the program.</summary>
    Column,
    Parameter,

    /// <summary>A member of a type in a state.</summary>
    StatePart,
    Attribute,
    Producer,
    Sink,
}
