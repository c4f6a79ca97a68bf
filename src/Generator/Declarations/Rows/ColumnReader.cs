using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>Reads the columns of a row type and of the types of objects inside it, each type once.</summary>
/// <param name="naming">The naming policy for the columns of a type.</param>
internal sealed class ColumnReader(Func<ITypeSymbol, ColumnNaming> naming, Compilation compilation, ISymbol within)
{
    // A bit set stores which members of an object have been read.
    private const int MostMembers = 128;

    private readonly TreeShapes _shapes = new(compilation);
    private readonly List<NestedRow> _nested = [];
    private readonly HashSet<string> _known = [];
    private readonly Dictionary<string, string> _problems = [];

    public ColumnFaults Faults { get; } = new();

    /// <summary>The types of the objects inside the row.</summary>
    public IReadOnlyList<NestedRow> Nested => _nested;

    /// <param name="path">The name of the type in messages.</param>
    /// <param name="unsupported">The first column that no codec supports, with its type; or null.</param>
    public RowModel Read(ITypeSymbol row, RowShape shape, RowPlace place, string path, out string? unsupported)
    {
        unsupported = null;
        var columns = new List<ColumnModel>();
        var members = new List<ISymbol>();
        foreach (var source in shape.Columns)
        {
            if (place == RowPlace.RawMessage && source is { Metadata: null, Setter.IsRequired: false })
            {
                // The member that the constructor takes is the value of the message.
                continue;
            }

            var column = ReadColumn(source, place, PolicyOf(row), $"{path}.{source.Member.Name}", out var problem);
            if (column == null)
            {
                if (source is { IsOptional: true, Setter: not null })
                {
                    // An attribute cannot be added to a member of another assembly.
                    Faults.LeftOut ??= source.Member.DeclaringSyntaxReferences.IsEmpty ? null : problem;
                }
                else
                {
                    unsupported ??= problem;
                }

                continue;
            }

            Check(source, column, $"{path}.{source.Member.Name}", isInside: path != row.Name);
            columns.Add(column);
            members.Add(source.Member);
        }

        var duplicate = columns.Where(static column => column.Metadata == null)
            .GroupBy(static column => column.Name)
            .FirstOrDefault(static group => group.Count() > 1 || group.Key.Length == 0)?.Key;
        Faults.Duplicate ??= duplicate == null ? null : new DuplicateColumn(path, duplicate);
        return new RowModel(TypeReader.Name(row), row.Name, columns.ToEquatableArray(), shape.Construction
            ?? RowConstruction.Initializer, row.IsValueType || row.IsRecord)
        {
            IsValue = row.IsValueType,
            IsSealed = row.IsSealed,
            IsAbstract = row.IsAbstract,
            Fixed = shape.Fixed,
            Needs = unsupported == null && row is INamedTypeSymbol named ? NeedsAnalysis.Of(named, shape, members) : RowNeeds.Everything,
        };
    }

    // An invalid policy is reported separately, and the names do not matter then.
    private ColumnNaming PolicyOf(ITypeSymbol type)
    {
        var policy = naming(type);
        if (Enum.IsDefined(typeof(ColumnNaming), policy))
        {
            return policy;
        }

        Faults.BadNaming ??= ((int)policy).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ColumnNaming.CamelCase;
    }

    private ColumnModel? ReadColumn(ColumnSource source, RowPlace place, ColumnNaming policy, string path, out string? problem)
    {
        var metadata = place == RowPlace.File ? null : source.Metadata ?? (place == RowPlace.RawMessage ? KnownNames.RawValue : null);
        var column = ReadValue(source.Type, isText: metadata == null, path, out problem);
        return column == null ? null : column with
        {
            Member = source.Member.Name,
            Name = NameOf(source, policy),
            Format = source.Column?.Text("Format"),
            Metadata = metadata,
            Unit = source.Column == null ? null : TimeUnits.Read(source.Column),
            IsOptional = source.IsOptional && metadata != KnownNames.RawValue,
            Default = source.Default,
            Setter = source.Setter,
            IsArgument = source.IsArgument,
        };
    }

    // A value of a type, as a column without a name. Trees occur only in the text of a row.
    private ColumnModel? ReadValue(ITypeSymbol declared, bool isText, string path, out string? problem)
    {
        problem = null;

        // U? of a type parameter without constraints is U if U is a value type.
        declared = declared.IsValueType ? declared.WithNullableAnnotation(NullableAnnotation.None) : declared;
        var type = declared;
        var nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped)
        {
            type = wrapped.TypeArguments[0];
            nullable = true;
        }

        var isEnum = type.TypeKind == TypeKind.Enum;
        var kind = isEnum ? ColumnKind.Enum
            : ValueReader.Scalar(type) is { } scalar && Enum.TryParse<ColumnKind>(scalar.ToString(), out var simple) ? simple
            : type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte, Rank: 1 } ? ColumnKind.Bytes
            : ColumnKind.Tree;
        TreeModel? tree = null;
        if (TypeReader.Access(type) > TypeAccess.Private
            || (kind == ColumnKind.Tree && (tree = isText ? ReadTree(type, path, out problem) : null) == null))
        {
            problem ??= Describe(path, declared);
            return null;
        }

        var members = isEnum ? type.GetMembers()
            .OfType<IFieldSymbol>()
            .Where(static field => field.IsConst)
            .Select(static field => field.Name)
            .ToEquatableArray() : EquatableArray<string>.Empty;
        return new ColumnModel("", "", kind, nullable, TypeReader.Read(declared).Declared, null, IsRead: true, members)
        {
            Tree = tree,
            Numbers = isEnum ? TypeReader.Name(((INamedTypeSymbol)type).EnumUnderlyingType!) : null,
        };
    }

    private TreeModel? ReadTree(ITypeSymbol type, string path, out string? problem)
    {
        problem = null;
        if (_shapes.Of(type) is { } shape)
        {
            var item = shape.Item == null ? null : ReadValue(shape.Item, isText: true, path + "[]", out problem);
            return shape.Item != null && item == null
                ? null
                : new TreeModel(shape.Kind, shape.Type, shape.Kind == TreeKind.Element) { Item = item };
        }

        var choice = ChoiceReader.Read(type);
        var id = IdOf(type, choice);
        var isRead = choice == null ? ReadObject(type, id, path, out problem) : ReadChoice(type, choice, id, path, out problem);
        return isRead
            ? new TreeModel(
                TreeKind.Object,
                TypeReader.Read(type.WithNullableAnnotation(NullableAnnotation.None)).Declared,
                type.IsValueType)
            { Nested = id }
            : null;
    }

    private static string IdOf(ITypeSymbol type, ChoiceShape? choice) =>
        TypeReader.Name(type).FullName + (choice == null ? "" : $" by {choice.Name}");

    // The variants of an object are read as they are, even if they have discriminators themselves.
    private bool ReadChoice(ITypeSymbol type, ChoiceShape choice, string id, string path, out string? problem)
    {
        if (_problems.TryGetValue(id, out problem))
        {
            return false;
        }

        if (!_known.Add(id))
        {
            return true;
        }

        var before = _nested.Count;
        _nested.Add(new NestedRow(id, RowModel.None));
        problem = ChoiceReader.ProblemOf(type, choice) is { } reason ? Describe(path, type) + reason : null;
        var variants = new List<VariantModel>();
        foreach (var (variant, value) in choice.Variants)
        {
            problem ??= TellsTwice(variant, choice.Name) is { } member
                ? $"{Describe(path, type)}, whose {variant.Name}.{member} has the name '{choice.Name}' of the type discriminator"
                : null;
            if (problem == null && ReadObject(variant, IdOf(variant, null), $"{path}({variant.Name})", out problem))
            {
                variants.Add(new VariantModel(value is IFormattable number
                    ? number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)
                    : value as string, value is string, TypeReader.Name(variant), IdOf(variant, null), DepthOf(variant)));
            }
        }

        // Objects of the base type itself, if there can be any.
        var isBase = problem == null && type is
        {
            IsAbstract: false,
            TypeKind: not TypeKind.Interface
        } && !choice.Variants.Any(variant => SymbolEqualityComparer.Default.Equals(variant.Type, type))
            && ReadObject(type, IdOf(type, null), path, out problem);
        var itself = choice.Variants.FirstOrDefault(variant => SymbolEqualityComparer.Default.Equals(variant.Type, type)).Type;
        _nested[before] = new NestedRow(id, RowModel.None with { Type = TypeReader.Name(type), Name = type.Name })
        {
            Choice = new ChoiceModel(choice.Name, variants.ToEquatableArray())
            {
                Base = isBase || itself != null ? IdOf(type, null) : null,
                IgnoresUnknown = choice.IgnoresUnknown,
                Unknown = choice.Unknown,
            },
        };
        return problem == null || Forget(id, before, problem);
    }

    // The member of a type whose column name is that of the discriminator.
    private string? TellsTwice(ITypeSymbol type, string name) =>
        RowShape.Of(type, compilation, within).Columns.FirstOrDefault(source => NameOf(source, PolicyOf(type)) == name)?.Member.Name;

    private static string NameOf(ColumnSource source, ColumnNaming policy) =>
        source.Column?.Text("name") ?? Naming.NameOf(source.Member.Name, policy);

    private static int DepthOf(ITypeSymbol type) => type.BaseType == null ? 0 : 1 + DepthOf(type.BaseType);

    private bool ReadObject(ITypeSymbol type, string id, string path, out string? problem)
    {
        if (_problems.TryGetValue(id, out problem))
        {
            return false;
        }

        if (!_known.Add(id))
        {
            return true;
        }

        var before = _nested.Count;
        var shape = RowShape.Of(type, compilation, within);
        problem = ProblemOf(type, shape, path);
        if (problem == null)
        {
            // A type that contains itself must be registered before its members are read.
            _nested.Add(new NestedRow(id, RowModel.None));
            var row = Read(type, shape, RowPlace.File, path, out problem);
            _nested[before] = new NestedRow(id, row);
            Faults.Unmade ??= shape.Construction == null ? Describe(path, type) : null;
        }

        return problem == null || Forget(id, before, problem);
    }

    // Types that were read inside it may refer to it, so they are removed too.
    private bool Forget(string id, int before, string problem)
    {
        _known.Remove(id);
        _known.ExceptWith(_nested.Skip(before).Select(static nested => nested.Id));
        _nested.RemoveRange(before, _nested.Count - before);
        _problems.Add(id, problem);
        return false;
    }

    private static string? ProblemOf(ITypeSymbol type, RowShape shape, string path)
    {
        var reason = TreeShapes.IsCollection(type) || TreeShapes.IsOfSystem(type) ? ""
            : type is { TypeKind: TypeKind.Interface } or { IsAbstract: true } ? ", which is abstract"
            : shape.Columns.Count == 0 ? ", which has no members that can be set"
            : shape.Columns.Count > MostMembers ? $", which has more than {MostMembers} members"
            : null;
        return reason == null ? null : Describe(path, type) + reason;
    }

    private void Check(ColumnSource source, ColumnModel column, string path, bool isInside)
    {
        if (source.Column?.IsGiven("Format") == true && (column.Format == null || !TakesFormat(column.Kind)))
        {
            Faults.BadFormat ??= path;
        }

        if (source.Column?.IsGiven("Unit") == true)
        {
            if (column.Format != null || column.Kind is not (ColumnKind.DateTime or ColumnKind.DateTimeOffset))
            {
                Faults.BadUnit ??= path;
            }
            else if (column.Unit == null)
            {
                Faults.UnknownUnit ??= path;
            }
        }

        if (column.Format is { Length: > 0 } format && TimeFormats.Try(column.Kind, format) is var fault and not FormatFault.None)
        {
            Faults.UselessFormats.Add(new UselessFormat(
                path,
                isInside ? null : source.Member.Name,
                column.Kind.ToString(),
                format,
                fault,
                fault == FormatFault.Digits ? TimeFormats.OpenField(column.Kind, format) : null));
        }
    }

    private static string Describe(string path, ITypeSymbol type) =>
        $"{path}: {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}";

    private static bool TakesFormat(ColumnKind kind) =>
        kind is ColumnKind.DateTime or ColumnKind.DateTimeOffset or ColumnKind.DateOnly or ColumnKind.TimeOnly or ColumnKind.TimeSpan;
}
