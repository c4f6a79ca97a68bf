using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A row type as codecs see it: its columns in order, and how a value is made from them.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The short name, for names and comments in generated code.</param>
/// <param name="Columns">The columns in declaration order.</param>
/// <param name="Construction">How a value is made.</param>
/// <param name="CanCopy">Whether a changed copy can be made by <c>with</c>.</param>
internal sealed record RowModel(
    TypeName Type,
    string Name,
    EquatableArray<ColumnModel> Columns,
    RowConstruction Construction,
    bool CanCopy = true)
{
    /// <summary>A row without columns.</summary>
    public static RowModel None { get; } = new(TypeName.None, "", EquatableArray<ColumnModel>.Empty, RowConstruction.Initializer);

    /// <summary>What the constructor takes besides columns.</summary>
    public EquatableArray<FixedArgument> Fixed { get; init; } = EquatableArray<FixedArgument>.Empty;

    /// <summary>Which columns its members need.</summary>
    public RowNeeds Needs { get; init; } = RowNeeds.OfColumns;

    /// <summary>Whether it is a struct.</summary>
    public bool IsValue { get; init; }

    /// <summary>Whether nothing can derive from it.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Whether every row is of a derived type.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>The types of the objects inside of it, each once.</summary>
    public EquatableArray<NestedRow> Nested { get; init; } = EquatableArray<NestedRow>.Empty;

    /// <summary>Whether objects, lists or dictionaries stand in its text.</summary>
    public bool IsTree => InText.Any(static item => item.Column.Tree != null);

    /// <summary>The columns that stand in the text of a row, each with its index among all columns.</summary>
    public IEnumerable<(ColumnModel Column, int Index)> InText =>
        Columns.Select(static (column, index) => (column, index)).Where(static item => item.column.Metadata == null);

    /// <summary>The columns that stand beside the value of a message, each with its index among all columns.</summary>
    public IEnumerable<(ColumnModel Column, int Index)> BesideText =>
        Columns.Select(static (column, index) => (column, index)).Where(static item => item.column.Metadata != null);

    /// <summary>The columns that must be parsed so that what is read of a row has its right value.</summary>
    public RowReads ColumnsFor(RowReads reads) => reads.All
        ? RowReads.Everything
        : reads.Members.Aggregate(Needs.Always, (columns, member) => columns.With(PartsOf(member, reads)));

    // What is read inside of a member that is a column, and needs no other one.
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

/// <summary>An argument of the constructor of a row that is no column.</summary>
/// <param name="Index">Its index among all arguments.</param>
/// <param name="Value">What it always is.</param>
internal sealed record FixedArgument(int Index, ConstantModel Value);

/// <summary>How a row is made from its columns.</summary>
internal enum RowConstruction
{
    /// <summary>By a constructor that takes every column in order, as positional records have.</summary>
    Constructor,

    /// <summary>By a parameterless constructor and an object initializer.</summary>
    Initializer,
}

/// <summary>One column of a row type.</summary>
/// <param name="Member">The C# member.</param>
/// <param name="Name">The name in headers and JSON objects.</param>
/// <param name="Kind">The type of the values.</param>
/// <param name="Nullable">Whether the member is a <c>Nullable&lt;T&gt;</c> or a nullable string.</param>
/// <param name="Type">The type of the member as declared: with its nullability.</param>
/// <param name="Format">The format string of <c>[Column(Format = …)]</c>, or null.</param>
/// <param name="IsRead">Whether anything downstream reads the column; one that is not read is not parsed.</param>
/// <param name="EnumMembers">For <see cref="ColumnKind.Enum"/>: the names of the members, in order; else empty.</param>
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
    /// <summary>In messages: what it is beside the value, such as <c>key</c>; null where it is part of the value, and in files.</summary>
    public string? Metadata { get; init; }

    /// <summary>
    /// Of an instant that is a number in the text: what the number counts since 1970, as <c>TimeUnit</c> names it; else null.
    /// </summary>
    public string? Unit { get; init; }

    /// <summary>Whether a file or an object may lack it: what the program declares stands then.</summary>
    public bool IsOptional { get; init; }

    /// <summary>For a parameter with a default: its value.</summary>
    public ConstantModel? Default { get; init; }

    /// <summary>For a member that is no parameter of the row's constructor: how it is set; else null.</summary>
    public ColumnSetter? Setter { get; init; }

    /// <summary>Whether the constructor takes it, although an object initializer must set it, too.</summary>
    public bool IsArgument { get; init; }

    /// <summary>Of <see cref="ColumnKind.Enum"/>: the type of its numbers; else null.</summary>
    public TypeName? Numbers { get; init; }

    /// <summary>Of <see cref="ColumnKind.Tree"/>: what it holds; else null.</summary>
    public TreeModel? Tree { get; init; }

    /// <summary>Whether its default is a null that its type does not show.</summary>
    public bool IsReference => Kind is ColumnKind.String or ColumnKind.Bytes || Tree is { IsValue: false };
}

/// <summary>How a member is set that is no parameter of the row's constructor.</summary>
/// <param name="Owner">The type that declares it.</param>
/// <param name="IsInitOnly">Whether C# lets only an object initializer set it.</param>
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

    /// <summary>Bytes: as they are beside the value of a message, or as the raw value; in text in Base64.</summary>
    Bytes,

    /// <summary>What is more than one value: an object, a list, a dictionary, or JSON as it stands.</summary>
    Tree,
}
