namespace Penstock.Generator.Plan;

/// <summary>
/// A method that the class of an operator can have: by which attribute it is known, and how it is called. There is one object of each.
/// </summary>
/// <param name="name">The name of its attribute, and of the method of the contract that calls it.</param>
/// <param name="result">What it returns.</param>
/// <param name="form">How it is declared, for people.</param>
/// <param name="example">How it could be declared in a class that lacks it.</param>
internal sealed class MethodForm(string name, MethodResult result, string form, string example) : IEquatable<MethodForm>
{
    public string Name { get; } = name;

    /// <summary>Whether its first parameter is a window; else it is a row.</summary>
    public bool TakesWindow { get; init; }

    /// <summary>Whether it can have a context behind the row.</summary>
    public bool TakesContext { get; init; }

    /// <summary>Whether it has an output that it emits rows to, and may have more of them behind it, which are side outputs.</summary>
    public bool Emits { get; init; }

    public MethodResult Result { get; } = result;

    /// <summary>Whether it returns the row that it makes of the one that it takes.</summary>
    public bool MakesRowOfRow => Result == MethodResult.Row && !TakesWindow;

    public string Form { get; } = form;

    public string Example { get; } = example;

    /// <summary>The number of parameters without a context and side outputs.</summary>
    public int Parameters => Emits ? 2 : 1;

    public bool Equals(MethodForm? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Name.GetHashCode();

    public override string ToString() => Name;
}

/// <summary>What a method of an operator returns.</summary>
internal enum MethodResult
{
    Nothing,

    /// <summary>A row that the operator makes.</summary>
    Row,

    /// <summary>Whether a row goes on.</summary>
    Bool,
}
