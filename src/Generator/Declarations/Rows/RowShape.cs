using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>A member that is a column, as declared.</summary>
/// <param name="Type">Its type, or that of its constructor parameter.</param>
/// <param name="Column">Its <c>[Column]</c>, or null.</param>
/// <param name="Metadata">The name in its <c>[Metadata]</c>, or null.</param>
internal sealed record ColumnSource(ISymbol Member, ITypeSymbol Type, AttributeData? Column, string? Metadata)
{
    /// <summary>Whether a file or an object may omit it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The default of its parameter, or null.</summary>
    public ConstantModel? Default { get; init; }

    /// <summary>How it is set if it is not a constructor parameter.</summary>
    public ColumnSetter? Setter { get; init; }

    /// <summary>Whether the constructor takes it.</summary>
    public bool IsArgument { get; init; }

    /// <summary>Whether it is not a column although the constructor takes it.</summary>
    public bool IsIgnored { get; init; }
}

/// <summary>The members of a row type that are columns, and how a row is created from them.</summary>
/// <param name="Columns">The columns; first those that the constructor takes, in its order.</param>
/// <param name="Construction">How a row is created; null if it cannot be created from its columns.</param>
/// <param name="Constructor">The constructor that takes columns; null if an object initializer sets all of them.</param>
internal sealed record RowShape(IReadOnlyList<ColumnSource> Columns, RowConstruction? Construction, IMethodSymbol? Constructor)
{
    /// <summary>The arguments of the constructor in its order, including those that are not columns.</summary>
    public IReadOnlyList<ColumnSource> Arguments { get; private init; } = [];

    /// <summary>The arguments of the constructor that are not columns: the default of the parameter, or of its type.</summary>
    public EquatableArray<FixedArgument> Fixed => Arguments.Select(static (argument, index) => (argument, index)).Where(static item =>
        item.argument.IsIgnored)
        .Select(static item => new FixedArgument(
            item.index,
            item.argument.Default ?? new DefaultConstant(
                TypeReader.Access(item.argument.Type) > TypeAccess.Private ? null : TypeReader.Read(item.argument.Type).Declared,
                IsReference: true)))
        .ToEquatableArray();

    public static RowShape Of(ITypeSymbol type, Compilation compilation, ISymbol within)
    {
        if (type is not INamedTypeSymbol row
            || ValueReader.Scalar(row) != null
            || row.TypeKind is not (TypeKind.Struct or TypeKind.Class)
            || row.IsTupleType)
        {
            return new RowShape([], null, null);
        }

        var members = row.ReadableMembers(compilation, within)
            .GroupBy(static member => member.Name)
            .Select(static group => group.First())
            .ToList();
        var settable = InOrder(members.Where(member => IsSettable(member, compilation, within))).ToList();
        foreach (var constructor in row.InstanceConstructors.OrderByDescending(static constructor => constructor.Parameters.Length))
        {
            if (!constructor.Parameters.IsEmpty
                && compilation.IsSymbolAccessibleWithin(constructor, within)
                && Parameters(constructor, row, members) is { } taken)
            {
                var setsRequired = constructor
                    .GetAttributes()
                    .Any(static attribute => attribute.AttributeClass?.Name == "SetsRequiredMembersAttribute");
                var others = settable.Except(setsRequired ? taken.Select(static column => column.Member) : taken
                    .Select(static column => column.Member)
                    .Where(static member => !IsRequired(member)), SymbolEqualityComparer.Default);
                return WithMembers(row, constructor, taken, [.. others.Select(member => Outside(member!, setsRequired))]);
            }
        }

        var empty = row.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty
            && compilation.IsSymbolAccessibleWithin(constructor, within));
        var complete = !members.Any(member => IsRequired(member) && !settable.Contains(member, SymbolEqualityComparer.Default));
        var columns = settable
            .Select(static member => new ColumnSource(
                member,
                member.TypeOfMember()!,
                member.Attribute(KnownNames.Column),
                MetadataOf(member)))
            .ToList();
        return new RowShape(columns, empty && complete && !row.IsAbstract && columns.Count > 0 ? RowConstruction.Initializer : null, null);
    }

    // A required member that the constructor also takes is set twice, because C# requires it.
    private static RowShape WithMembers(
        INamedTypeSymbol row,
        IMethodSymbol constructor,
        IReadOnlyList<ColumnSource> taken,
        IReadOnlyList<ColumnSource> others)
    {
        var columns = taken
            .Where(static column => !column.IsIgnored)
            .Select(column => others.FirstOrDefault(other => SymbolEqualityComparer.Default.Equals(
                other.Member,
                column.Member)) is { Setter: { } setter }
                ? column with { Setter = setter, IsOptional = false }
                : column);
        var more = others.Where(other => !taken.Any(column => SymbolEqualityComparer.Default.Equals(other.Member, column.Member)));
        return new RowShape([.. columns, .. more], row.IsAbstract ? null : RowConstruction.Constructor, constructor) { Arguments = taken };
    }

    /// <summary>The parameters of a constructor if all of them are members, as for positional records; otherwise null.</summary>
    private static List<ColumnSource>? Parameters(IMethodSymbol constructor, INamedTypeSymbol row, List<ISymbol> members)
    {
        var columns = new List<ColumnSource>();
        foreach (var parameter in constructor.Parameters)
        {
            var member = members.Find(candidate => (candidate.Name == parameter.Name
                || string.Equals(candidate.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && !row.IsRecord)
                && SymbolEqualityComparer.Default.Equals(candidate.TypeOfMember(), parameter.Type));
            if (member == null || parameter.RefKind is not (RefKind.None or RefKind.In))
            {
                return null;
            }

            columns.Add(new ColumnSource(member, parameter.Type, parameter.Attribute(KnownNames.Column)
                ?? member.Attribute(KnownNames.Column), MetadataOf(parameter) ?? MetadataOf(member))
            {
                IsArgument = true,
                IsOptional = parameter.HasExplicitDefaultValue,
                Default = parameter.HasExplicitDefaultValue ? DefaultOf(parameter) : null,
                IsIgnored = IsIgnored(parameter) || IsIgnored(member),
            });
        }

        return columns;
    }

    private static ColumnSource Outside(ISymbol member, bool setsRequired)
    {
        var isRequired = IsRequired(member) && !setsRequired;
        return new ColumnSource(member, member.TypeOfMember()!, member.Attribute(KnownNames.Column), MetadataOf(member))
        {
            IsOptional = !isRequired,
            Setter = new ColumnSetter(
                TypeReader.Name(member.ContainingType),
                member is IPropertySymbol { SetMethod.IsInitOnly: true },
                isRequired),
        };
    }

    // The members of base classes come first.
    private static IEnumerable<ISymbol> InOrder(IEnumerable<ISymbol> members) =>
        members.GroupBy(static member => member.ContainingType, SymbolEqualityComparer.Default).Reverse().SelectMany(static group => group);

    private static bool IsSettable(ISymbol member, Compilation compilation, ISymbol within) => !IsIgnored(member) && member switch
    {
        IPropertySymbol { SetMethod: { } setter } property =>
            property.DeclaredAccessibility == Accessibility.Public && compilation.IsSymbolAccessibleWithin(setter, within),
        IFieldSymbol { IsReadOnly: false, IsConst: false, DeclaredAccessibility: Accessibility.Public } => true,
        _ => false,
    };

    /// <summary>Whether a member or parameter is declared not to be a column.</summary>
    public static bool IsIgnored(ISymbol member) => member.Attribute(KnownNames.Column)?.Scalar<bool>("Ignore") == true;

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static string? MetadataOf(ISymbol member) => member.Attribute(KnownNames.Metadata)?.Text("name");

    private static ConstantModel DefaultOf(IParameterSymbol parameter)
    {
        var type = parameter.Type is INamedTypeSymbol
        {
            OriginalDefinition.SpecialType: SpecialType.System_Nullable_T,
            TypeArguments: [var value]
        }
            ? value
            : parameter.Type;
        return parameter.ExplicitDefaultValue switch
        {
            null => new DefaultConstant(null, parameter.Type.IsReferenceType),
            string or char or bool or float or double or decimal => new ScalarConstant(parameter.ExplicitDefaultValue, null),
            IFormattable number => new ScalarConstant(number, TypeReader.Name(type)),
            var other => throw new InvalidOperationException($"The default of parameter '{parameter.Name}' is a {other.GetType().Name}."),
        };
    }
}
