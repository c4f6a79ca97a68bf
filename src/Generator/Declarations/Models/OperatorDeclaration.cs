using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>A class with <c>[Operator]</c> as written, which may be invalid.</summary>
/// <param name="Contract">For an operator of another assembly, the version of its generated contract, or 0 without one; null for a class of
/// this assembly.</param>
/// <param name="Methods">The methods with an attribute of Penstock.</param>
/// <param name="Keys">The key of each input; empty if the class declares none, or not for all inputs.</param>
/// <param name="KindAttributes">The attributes that determine its kind; a valid class has at most one.</param>
/// <param name="States">The properties with <c>[State]</c>.</param>
/// <param name="Upgrades">The methods that convert state of older programs.</param>
/// <param name="ReservedMember">A member whose name generated code needs, or null.</param>
/// <param name="StrayMember">A property with an attribute for streams, or null.</param>
/// <param name="Creation">How it is created.</param>
internal sealed record OperatorDeclaration(
    ClassDeclaration Class,
    int? Contract,
    EquatableArray<MethodDeclaration> Methods,
    EquatableArray<KeyDeclaration> Keys,
    EquatableArray<WrittenAttribute> KindAttributes,
    EquatableArray<StateDeclaration> States,
    EquatableArray<UpgradeDeclaration> Upgrades,
    string? ReservedMember,
    string? StrayMember,
    CreationDeclaration Creation)
{
    /// <summary>The model in the contract of another assembly, or null.</summary>
    public OperatorModel? Referenced { get; init; }

    /// <summary>Whether its instances are disposed at the end.</summary>
    public bool IsDisposable { get; init; }

    /// <summary>Whether the class has <c>[KeyBy]</c>.</summary>
    public bool HasClassKey { get; init; }

    /// <summary>
    /// Methods with <c>[KeyBy]</c> that take no input, with their index among the methods with their name, and parameters with it that are
    /// no input; -1 for a method itself.
    /// </summary>
    public EquatableArray<(string Name, int Overload, int Parameter)> StrayKeys { get; init; } =
        EquatableArray<(string Name, int Overload, int Parameter)>.Empty;

    /// <summary>Fields with <c>[State]</c>, which is allowed only on properties.</summary>
    public EquatableArray<StateFieldDeclaration> StateFields { get; init; } = EquatableArray<StateFieldDeclaration>.Empty;

    /// <summary>The attribute of a kind as written on the class; null if it is missing, or if the kind has none.</summary>
    public WrittenAttribute? Written(ClassKind? kind) => KindAttributes.FirstOrDefault(written => written.Name == kind?.Attribute?.Name);

    /// <summary>The first method that takes a row, or null.</summary>
    public MethodDeclaration? Main =>
        Methods.FirstOrDefault(static method => method.Form.TakesPair) ?? Methods.FirstOrDefault(static method => method.Form.TakesRow);

    /// <summary>
    /// The methods that take the rows of its inputs, in the order of the inputs. One that takes a row of each input counts as two methods.
    /// </summary>
    public IEnumerable<MethodDeclaration> InputMethods =>
        Main is { Form.TakesPair: true } pair ? pair.Sides : Methods.Where(method => method.Form == Main?.Form);

    /// <summary>
    /// Whether it lacks a method that takes a row of each of two inputs, or one of them, although its other methods need it.
    /// </summary>
    public bool LacksPair => Main is { Form: { TakesPair: true } or { IsPerInput: true } }
        && InputMethods.Count(static method => method.Side >= 0) != 2;

    /// <summary>The input whose rows a method takes; the number of inputs if it takes those of none.</summary>
    public int InputOf(MethodDeclaration method)
    {
        var inputs = InputMethods.ToList();
        if (!method.Form.IsPerInput || inputs.Count != 2 || method.Parameters.Count == 0)
        {
            return inputs.TakeWhile(other => other != method).Count();
        }

        // If both inputs have the same rows, the first method is that of the first input.
        var taking = inputs.FindAll(input => input.Parameters[0].Type.Name == method.Parameters[0].Type.Name);
        var index = Methods.Where(other => other.Form == method.Form).TakeWhile(other => other != method).Count();
        return taking.Count == 0 || index >= 2 ? inputs.Count : inputs.IndexOf(taking[taking.Count == 1 ? 0 : index]);
    }

    /// <summary>The number of its inputs; 0 if it has no method that takes rows.</summary>
    public int InputCount => Referenced?.Inputs.Count ?? InputMethods.Count();

    /// <summary>Whether the class declares a key, at least for some inputs.</summary>
    public bool DeclaresKey => Keys.Count > 0 || HasClassKey || InputMethods.Concat(Methods).Any(static method => method.HasKey);

    /// <summary>The first method that takes a key that fires, with a window or a timer; or null.</summary>
    public MethodDeclaration? Fire => Methods.FirstOrDefault(static method => method.Form.TakesKey);
}

/// <summary>A field with <c>[State]</c>.</summary>
/// <param name="Name">Its name; for a backing field, that of the property.</param>
/// <param name="Kind">The kind of state.</param>
/// <param name="Type">Its type, for messages.</param>
internal sealed record StateFieldDeclaration(string Name, StateKind Kind, string Type);

/// <summary>A method of an operator.</summary>
/// <param name="Overload">Its index among the methods with this name.</param>
/// <param name="Form">The form that its attribute declares.</param>
/// <param name="Return">Its return type, or null for void.</param>
/// <param name="Problem">Why generated code cannot call it (generic, async, by reference), or null.</param>
/// <param name="Reads">The members of its first parameter that it reads.</param>
internal sealed record MethodDeclaration(
    string Name,
    int Overload,
    MethodForm Form,
    bool IsStatic,
    TypeRef? Return,
    EquatableArray<ParameterDeclaration> Parameters,
    string? Problem,
    RowReads Reads)
{
    /// <summary>The origins of the members of its result; null if its code does not show them.</summary>
    public RowOrigins? Origins { get; init; }

    /// <summary>Whether it has <c>[KeyBy]</c>, and so declares the key of its input.</summary>
    public bool HasKey { get; init; }

    /// <summary>The index of the part of the partial class that contains it.</summary>
    public int ClassPart { get; init; }

    /// <summary>For one side of a method that takes two rows, the index of its parameter; otherwise -1.</summary>
    public int Side { get; init; } = -1;

    /// <summary>The sides of a method that takes two rows, as methods that take one of them.</summary>
    public IEnumerable<MethodDeclaration> Sides => Parameters.Take(2).Select((parameter, side) => this with
    {
        Parameters = new EquatableArray<ParameterDeclaration>([parameter]),
        HasKey = parameter.HasKey,
        Side = side,
    });

    /// <summary>Whether its attribute declares that it accepts rows that replace or delete earlier ones.</summary>
    public bool AcceptsUpdates { get; init; }

    /// <summary>For a method that returns a task with its row, that row; null if it does not.</summary>
    public AwaitedRow? Awaited { get; init; }

    /// <summary>The options of its attribute; null if it has none.</summary>
    public WrittenAttribute? Options { get; init; }

    public bool TakesContext => Parameters.Any(static parameter => parameter.Wrapper == KnownNames.Context);

    /// <summary>The outputs to which it emits rows: first the main output, then side outputs.</summary>
    public IEnumerable<ParameterDeclaration> Outputs => Parameters.Where(static parameter => parameter.Wrapper == KnownNames.Output);

    /// <summary>For a map, the members on which its result may depend, see <see cref="OperatorModel.Carries"/>.</summary>
    public RowReads Carries { get; init; } = RowReads.Everything;
}

/// <summary>The row in the task that a method returns.</summary>
/// <param name="Row">Its type, without null.</param>
/// <param name="CanBeNull">Whether there may be none.</param>
internal sealed record AwaitedRow(TypeRef Row, bool CanBeNull);

/// <summary>A parameter of an operator's method.</summary>
/// <param name="Kind">How it is passed.</param>
/// <param name="Wrapper">Its type if that is no type of rows: Output, Window, Timer, Context, Accumulator or CancellationToken; otherwise
/// null.</param>
/// <param name="Inner">The type argument of that type, if any.</param>
internal sealed record ParameterDeclaration(string Name, PassingKind Kind, TypeRef Type, string? Wrapper, TypeRef? Inner)
{
    /// <summary>Whether it has <c>[KeyBy]</c>.</summary>
    public bool HasKey { get; init; }
}

/// <summary>A <c>[KeyBy]</c>.</summary>
internal sealed record KeyDeclaration(EquatableArray<KeyMemberDeclaration> Members);

/// <summary>A member that <c>[KeyBy]</c> names.</summary>
/// <param name="Value">Its type; null if the row has no such member that generated code can read.</param>
/// <param name="Candidates">The members of the row, for a suggestion.</param>
/// <param name="IsNullable">Whether it is declared as a nullable reference.</param>
/// <param name="IsComputed">Whether reading it runs code of the row type, which may throw.</param>
internal sealed record KeyMemberDeclaration(
    string Name,
    ValueModel? Value,
    EquatableArray<string> Candidates,
    bool IsNullable,
    bool IsComputed);

/// <summary>A property with <c>[State]</c>.</summary>
/// <param name="Accessibility">Its accessibility modifiers, as written.</param>
/// <param name="Problem">What is wrong with its form, or null.</param>
/// <param name="Value">How it is serialized.</param>
/// <param name="Unserializable">The path and type of the part that cannot be serialized, and the reason; or null.</param>
/// <param name="FormerNames">Its former names.</param>
/// <param name="Part">Its second part; null if it needs none.</param>
internal sealed record StateDeclaration(
    string Name,
    EquatableArray<string> Accessibility,
    TypeRef Type,
    string? Problem,
    bool IsPartial,
    ValueModel Value,
    string? Unserializable,
    EquatableArray<string> FormerNames,
    PropertyPart? Part)
{
    /// <summary>The kind of state.</summary>
    public StateKind Kind { get; init; }

    /// <summary>For a map, its keys.</summary>
    public ValueModel? MapKey { get; init; }

    /// <summary>For a collection, the declared types of its keys, if any, and of its elements.</summary>
    public EquatableArray<TypeName> Elements { get; init; } = EquatableArray<TypeName>.Empty;

    /// <summary>The declared type that is stored in the entry of a key.</summary>
    public TypeName Stored { get; init; } = TypeName.None;

    /// <summary>Whether its declared scope is the key, shared by all windows.</summary>
    public bool IsKeyScoped { get; init; }

    /// <summary>Its time to live as written; null if it never expires.</summary>
    public string? Ttl { get; init; }

    /// <summary>The time by which it expires.</summary>
    public TtlTime TtlTime { get; init; }

    /// <summary>Whether reading extends its life.</summary>
    public bool RefreshOnRead { get; init; }

    /// <summary>A TTL option that is set, or null.</summary>
    public string? TtlOption { get; init; }

    /// <summary>Its time to live in microseconds; 0 if it never expires.</summary>
    public long TtlMicros => Durations.TryParse(Ttl, out var micros) ? micros : 0;

    public bool IsCollection => Kind is StateKind.Map or StateKind.List;
}

/// <summary>The time by which state expires. The values equal those of the enum in the attributes.</summary>
internal enum TtlTime
{
    Default,
    EventTime,
    ProcessingTime,
}

/// <summary>A <c>[StateUpgrade]</c> on a method.</summary>
/// <param name="Operator">The class.</param>
/// <param name="Method">The name of the method.</param>
/// <param name="Overload">The index of the method among those with its name.</param>
/// <param name="Attribute">The index of the attribute among those of the method.</param>
/// <param name="State">The state that the method returns.</param>
/// <param name="From">The saved states that it takes; empty for the former value of the state itself.</param>
/// <param name="Takes">Its parameters.</param>
/// <param name="Return">Its return type, or null for void.</param>
/// <param name="Problem">Why generated code cannot call it, or null.</param>
internal sealed record UpgradeDeclaration(
    TypeName Operator,
    string Method,
    int Overload,
    int Attribute,
    string? State,
    EquatableArray<string> From,
    EquatableArray<UpgradeParameter> Takes,
    TypeRef? Return,
    string? Problem)
{
    /// <summary>Its parameters, as checkpoints describe them.</summary>
    public UpgradeField Field => new(From, [.. Takes.Select(static parameter => parameter.Value)]);
}

/// <summary>A parameter of an upgrade.</summary>
/// <param name="Value">How the saved value was serialized.</param>
/// <param name="Unserializable">The path and type of the part that cannot be read, or null.</param>
/// <param name="IsByReference">Whether it is passed by reference, except with <c>in</c>.</param>
internal sealed record UpgradeParameter(string Name, TypeRef Type, ValueModel Value, string? Unserializable, bool IsByReference);
