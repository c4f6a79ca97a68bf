using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A row type for codecs: its columns, and how a value is created from them.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The short name, for names and comments in generated code.</param>
/// <param name="Columns">The columns in declaration order.</param>
/// <param name="Construction">How a value is created.</param>
/// <param name="CanCopy">Whether <c>with</c> can create a changed copy.</param>
internal sealed record RowModel(
    TypeName Type,
    string Name,
    EquatableArray<ColumnModel> Columns,
    RowConstruction Construction,
    bool CanCopy = true)
{
    /// <summary>A row without columns.</summary>
    public static RowModel None { get; } = new(TypeName.None, "", EquatableArray<ColumnModel>.Empty, RowConstruction.Initializer);

    /// <summary>The arguments of the constructor that are not columns.</summary>
    public EquatableArray<FixedArgument> Fixed { get; init; } = EquatableArray<FixedArgument>.Empty;

    /// <summary>The columns that each member needs.</summary>
    public RowNeeds Needs { get; init; } = RowNeeds.OfColumns;

    /// <summary>Whether it is a struct.</summary>
    public bool IsValue { get; init; }

    /// <summary>Whether nothing can derive from it.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Whether every row is of a derived type.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>The types of the objects inside it, each once.</summary>
    public EquatableArray<NestedRow> Nested { get; init; } = EquatableArray<NestedRow>.Empty;

    /// <summary>Whether the written row contains objects, lists or dictionaries.</summary>
    public bool IsTree => InText.Any(static item => item.Column.Tree != null);

    /// <summary>The columns in the written row, each with its index among all columns.</summary>
    public IEnumerable<(ColumnModel Column, int Index)> InText =>
        Columns.Select(static (column, index) => (column, index)).Where(static item => item.column.Metadata == null);

    /// <summary>The columns outside of the value of a message, each with its index among all columns.</summary>
    public IEnumerable<(ColumnModel Column, int Index)> BesideText =>
        Columns.Select(static (column, index) => (column, index)).Where(static item => item.column.Metadata != null);

    /// <summary>The columns that must be parsed so that the members that are read have the right values.</summary>
    public RowReads ColumnsFor(RowReads reads) => reads.All
        ? RowReads.Everything
        : reads.Members.Aggregate(Needs.Always, (columns, member) => columns.With(PartsOf(member, reads)));

    // The parts that are read inside a member that is a column and needs no other columns.
    private RowReads PartsOf(string member, RowReads reads)
    {
        var needs = Needs.Of(member, Columns);
        return needs is { All: false, Members: [var only], Parts.Count: 0 }
            && only == member
            && Columns.Any(column => column.Member == member)
            ? needs with { Parts = reads.Parts.Where(part => part.StartsWith(member + ".", StringComparison.Ordinal)).ToEquatableArray() }
            : needs;
    }
}

/// <summary>An argument of the constructor of a row that is not a column.</summary>
/// <param name="Index">Its index among all arguments.</param>
/// <param name="Value">Its constant value.</param>
internal sealed record FixedArgument(int Index, ConstantModel Value);

/// <summary>How a row is created from its columns.</summary>
internal enum RowConstruction
{
    /// <summary>By a constructor that takes every column in order, like that of a positional record.</summary>
    Constructor,

    /// <summary>By a parameterless constructor and an object initializer.</summary>
    Initializer,
}

/// <summary>A column of a row type.</summary>
/// <param name="Member">The C# member.</param>
/// <param name="Name">The name in headers and JSON objects.</param>
/// <param name="Kind">The type of the values.</param>
/// <param name="Nullable">Whether the member is a <c>Nullable&lt;T&gt;</c> or a nullable string.</param>
/// <param name="Type">The declared type of the member, with its nullability.</param>
/// <param name="Format">The format string of <c>[Column(Format = …)]</c>, or null.</param>
/// <param name="IsRead">Whether anything downstream reads the column. Other columns are not parsed.</param>
/// <param name="EnumMembers">For <see cref="ColumnKind.Enum"/>, the names of its members in order; otherwise empty.</param>
internal sealed record ColumnModel(
    string Member,
    string Name,
    ColumnKind Kind,
    bool Nullable,
    TypeName Type,
    string? Format,
    bool IsRead,
    EquatableArray<string> EnumMembers)
{
    /// <summary>For messages, its role outside of the value, such as <c>key</c>; null if it is part of the value, and for files.</summary>
    public string? Metadata { get; init; }

    /// <summary>For a timestamp that is written as a number, the unit since 1970 by its name in <c>TimeUnit</c>; otherwise null.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether a file or an object may omit it. The row then gets the default that the program declares.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The value of a parameter with a default.</summary>
    public ConstantModel? Default { get; init; }

    /// <summary>For a member that is not a constructor parameter, how it is set; otherwise null.</summary>
    public ColumnSetter? Setter { get; init; }

    /// <summary>Whether the constructor takes it although an object initializer must set it too.</summary>
    public bool IsArgument { get; init; }

    /// <summary>For <see cref="ColumnKind.Enum"/>, its underlying type; otherwise null.</summary>
    public TypeName? Numbers { get; init; }

    /// <summary>For <see cref="ColumnKind.Tree"/>, its content; otherwise null.</summary>
    public TreeModel? Tree { get; init; }

    /// <summary>Whether its default is null although its type is not nullable.</summary>
    public bool IsReference => Kind is ColumnKind.String or ColumnKind.Bytes || Tree is { IsValue: false };
}

/// <summary>How a member that is not a constructor parameter is set.</summary>
/// <param name="Owner">The type that declares it.</param>
/// <param name="IsInitOnly">Whether only an object initializer can set it.</param>
/// <param name="IsRequired">Whether every object initializer must set it.</param>
internal sealed record ColumnSetter(TypeName Owner, bool IsInitOnly, bool IsRequired);

/// <summary>The types that a column can have.</summary>
internal enum ColumnKind
{
    Boolean,
    Char,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Single,
    Double,
    Decimal,
    String,
    DateTime,
    DateTimeOffset,
    DateOnly,
    TimeOnly,
    TimeSpan,
    Guid,
    Enum,

    /// <summary>Bytes: raw outside of the value of a message or as its raw value, and Base64 in text.</summary>
    Bytes,

    /// <summary>A value with a structure: an object, a list, a dictionary, or raw JSON.</summary>
    Tree,
}
