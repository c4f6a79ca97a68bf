namespace Penstock.Generator.Plan;

/// <summary>A type without its symbol.</summary>
/// <param name="Name">The identity: tuples expanded, no nullability of references.</param>
/// <param name="Declared">The type as a signature has to repeat it: with nullability and the names of tuple elements.</param>
/// <param name="ShortName">The name for people and for names in generated code.</param>
/// <param name="Access">From where the type with all its parts can be named.</param>
/// <param name="IsPlain">Whether its short name makes a good name of a variable: it is not a C# keyword type, an array or a tuple.</param>
internal sealed record TypeRef(TypeName Name, TypeName Declared, string ShortName, TypeAccess Access, bool IsPlain)
{
    /// <summary>Whether two types are known, and are not the same.</summary>
    public bool DiffersFrom(TypeRef other) => other.Access != TypeAccess.Unknown && DiffersFrom(other.Name);

    /// <summary>Whether it is known, and is not that of a name.</summary>
    public bool DiffersFrom(TypeName other) => Access != TypeAccess.Unknown && Name != other;
}

/// <summary>From where a type can be named, its containing types and its type arguments included.</summary>
internal enum TypeAccess
{
    Public,
    Internal,

    /// <summary>Only code inside some other type.</summary>
    Private,

    /// <summary>Nothing outside its file, or no row at all: dynamic, a pointer, a type parameter.</summary>
    Unusable,

    /// <summary>The type does not exist: the C# compiler says so.</summary>
    Unknown,
}
