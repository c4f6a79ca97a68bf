namespace Penstock.Generator.Plan;

/// <summary>
/// A method that the class of an operator can have: the attribute that marks it, and how it is called. There is one object for each.
/// </summary>
/// <param name="name">The name of its attribute, and of the method of the contract that calls it.</param>
/// <param name="result">What it returns.</param>
/// <param name="form">Its declaration, for messages.</param>
/// <param name="example">A declaration for a class that lacks it.</param>
internal sealed class MethodForm(string name, MethodResult result, string form, string example) : IEquatable<MethodForm>
{
    public string Name { get; } = name;

    /// <summary>What its first parameter is.</summary>
    public MethodInput Takes { get; init; } = MethodInput.Row;

    public bool TakesRow => Takes == MethodInput.Row;

    public bool TakesState => Takes == MethodInput.State;

    /// <summary>Whether it takes two rows, one of each input; then these are its only parameters.</summary>
    public bool TakesPair { get; init; }

    /// <summary>Whether it may return nothing instead of a row.</summary>
    public bool MayReturnNothing { get; init; }

    /// <summary>Whether a class may lack it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether there may be one for the rows of each input.</summary>
    public bool IsPerInput { get; init; }

    /// <summary>Whether it is called for a key that fires, with a window or a timer.</summary>
    public bool TakesKey => Takes is MethodInput.Window or MethodInput.Timer;

    /// <summary>Whether it can have a context after the row.</summary>
    public bool TakesContext { get; init; }

    /// <summary>Whether it has an output to which it emits rows. Further outputs after it are side outputs.</summary>
    public bool Emits { get; init; }

    public MethodResult Result { get; } = result;

    /// <summary>Whether it returns a task with its row, and takes a cancellation token after the row.</summary>
    public bool IsAwaited => Result == MethodResult.Awaited;

    /// <summary>The options of its attribute; null if it has none.</summary>
    public MethodOptions? Options { get; init; }

    /// <summary>Whether it returns the row that it creates from the one that it takes.</summary>
    public bool MakesRowOfRow => Result == MethodResult.Row && TakesRow && !TakesPair;

    public string Form { get; } = form;

    public string Example { get; } = example;

    /// <summary>The number of parameters without context and side outputs.</summary>
    public int Parameters => Emits || IsAwaited || TakesPair ? 2 : 1;

    public bool Equals(MethodForm? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Name.GetHashCode();

    public override string ToString() => Name;
}

/// <summary>What the first parameter of a method is.</summary>
internal enum MethodInput
{
    Row,

    /// <summary>A window that fires, with its key.</summary>
    Window,

    /// <summary>A timer that fires, with its key.</summary>
    Timer,

    /// <summary>The state of other rows, which is merged into the current one.</summary>
    State,
}

/// <summary>What a method of an operator returns.</summary>
internal enum MethodResult
{
    Nothing,

    /// <summary>A row that the operator emits.</summary>
    Row,

    /// <summary>A task with a row that the operator emits, or with null for none.</summary>
    Awaited,

    /// <summary>Whether the row is kept.</summary>
    Bool,
}
