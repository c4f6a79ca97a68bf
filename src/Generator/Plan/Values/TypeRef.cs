namespace Penstock.Generator.Plan;

/// <summary>A type without its symbol.</summary>
/// <param name="Name">The identity: tuples expanded, no nullability of references.</param>
/// <param name="Declared">The type for signatures: with nullability and the names of tuple elements.</param>
/// <param name="ShortName">The name for messages and for identifiers in generated code.</param>
/// <param name="Access">The code that can refer to the type and all of its parts.</param>
/// <param name="IsPlain">Whether its short name is suitable as the name of a variable: it is not a C# keyword, an array or a tuple.</param>
internal sealed record TypeRef(TypeName Name, TypeName Declared, string ShortName, TypeAccess Access, bool IsPlain)
{
    /// <summary>Whether both types are known and differ.</summary>
    public bool DiffersFrom(TypeRef other) => other.Access != TypeAccess.Unknown && DiffersFrom(other.Name);

    /// <summary>Whether the type is known and does not have this name.</summary>
    public bool DiffersFrom(TypeName other) => Access != TypeAccess.Unknown && Name != other;
}

/// <summary>The code that can refer to a type, its containing types and its type arguments.</summary>
internal enum TypeAccess
{
    Public,
    Internal,

    /// <summary>Only code inside another type.</summary>
    Private,

    /// <summary>No code outside of its file, or it cannot be a row at all: dynamic, a pointer, a type parameter.</summary>
    Unusable,

    /// <summary>The type does not exist. The C# compiler reports it.</summary>
    Unknown,
}
