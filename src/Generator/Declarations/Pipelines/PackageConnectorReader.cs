using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Reads the attributes of connectors of other packages. Their own attributes describe them; no particular connector is known here.
/// </summary>
internal static class PackageConnectorReader
{
    /// <returns>The connector; null if the attribute does not declare its factory.</returns>
    public static ConnectorDeclaration? Read(
        AttributeData attribute,
        bool isSource,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var type = attribute.AttributeClass!;
        if (type.Attribute(KnownNames.Connector)?.ConstructorArguments is not [{ Value: INamedTypeSymbol factory }])
        {
            return null;
        }

        var format = type.GetMembers("Format").OfType<IPropertySymbol>().FirstOrDefault()?.Type;
        var (connector, creator) = format.IsPenstock(KnownNames.FileFormat)
            ? ReadFiles(attribute, factory, isSource, row, property, compilation)
            : format.IsPenstock(KnownNames.MessageFormat)
            ? ReadMessages(attribute, factory, isSource, row, property, compilation)
            : default;

        // A connector of another version may be made otherwise.
        if (connector == null || creator == null)
        {
            return null;
        }

        connector = connector with
        {
            Attribute = ConnectorReader.NameOf(type),
            LacksPath = ConnectorReader.LacksPath(attribute),
            CanSetChangelog = attribute.CanSet("Changelog"),
            Options = OptionReader.Read(attribute),
        };
        return OptionalInterfaceReader.Read(
            connector,
            creator.ReturnType,
            creator.TypeParameters[0],
            attribute,
            row,
            property,
            compilation);
    }

    // A format without a method is one that the connector does not have. If there is one format alone, no path needs to tell it.
    private static (ConnectorDeclaration? Connector, IMethodSymbol? Creator) ReadFiles(
        AttributeData attribute,
        INamedTypeSymbol factory,
        bool isSource,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var type = attribute.AttributeClass!;
        var both = isSource ? null : MethodOf(factory, KnownNames.CreateSink, type);
        var csv = MethodOf(factory, isSource ? KnownNames.CreateCsvSource : KnownNames.CreateCsvSink, type) ?? both;
        var json = MethodOf(factory, isSource ? KnownNames.CreateJsonLinesSource : KnownNames.CreateJsonLinesSink, type) ?? both;
        if ((csv ?? json) == null)
        {
            return default;
        }

        var file = ConnectorReader.ReadFile(attribute, isSource, row, property, compilation);
        var only = json == null ? FileRowFormat.Csv : csv == null ? FileRowFormat.JsonLines : FileRowFormat.Unknown;
        var format = file.Format == FileRowFormat.Unknown ? only : file.Format;
        var creator = (format == FileRowFormat.Csv ? csv ?? json : json ?? csv)!;
        return (
            file with
            {
                Format = format,
                OnlyFormat = only,
                CanSetFormat = attribute.CanSet("Format"),
                Package = PackageOf(attribute, factory, creator),
            },
            creator);
    }

    private static PackageModel PackageOf(AttributeData attribute, INamedTypeSymbol factory, IMethodSymbol creator) =>
        new(TypeReader.Name(factory), creator.Name, Settings(attribute), Label(attribute));

    // One factory may serve several attributes, by methods of one name.
    private static IMethodSymbol? MethodOf(INamedTypeSymbol factory, string name, INamedTypeSymbol attribute, int arity = 2)
    {
        var methods = factory.GetMembers(name)
            .OfType<IMethodSymbol>()
            .Where(method => method is { IsStatic: true, Parameters.Length: >= 2 } && method.Arity == arity)
            .ToList();
        for (var type = attribute; type != null; type = type.BaseType)
        {
            if (methods.Find(method => SymbolEqualityComparer.Default.Equals(method.Parameters[1].Type, type)) is { } method)
            {
                return method;
            }
        }

        return null;
    }

    private static (ConnectorDeclaration? Connector, IMethodSymbol? Creator) ReadMessages(
        AttributeData attribute,
        INamedTypeSymbol factory,
        bool isSource,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        if (MethodOf(factory, isSource ? KnownNames.CreateSource : KnownNames.CreateSink, attribute.AttributeClass!) is not { } creator)
        {
            return default;
        }

        var format = (MessageRowFormat)(attribute.Scalar<int>("Format") ?? 0);
        var place = format == MessageRowFormat.Raw ? RowPlace.RawMessage : RowPlace.Message;
        var rows = ConnectorReader.ReadRows(attribute, row, place, property, compilation);
        var isOfBadRows = !isSource && format == MessageRowFormat.Raw && row.IsPenstock(KnownNames.BadRow);
        var deadLetters = isOfBadRows && attribute.OptionalText("Key") == null
            ? MethodOf(factory, KnownNames.CreateDeadLetterSink, attribute.AttributeClass!, arity: 0)
            : null;
        var messages = new MessageDeclaration(
            PackageOf(attribute, factory, deadLetters ?? creator) with { IsForDeadLetters = deadLetters != null },
            format,
            attribute.OptionalText("Key"),
            attribute.OptionalText("Tombstone"),
            ConnectorReader.BadRowsOf(attribute),
            format == MessageRowFormat.MemoryPack
                ? rows with { LeftOut = null, Unset = null, UselessFormats = EquatableArray<UselessFormat>.Empty }
                : rows,
            attribute.AttributeClass!.Attributes(KnownNames.ConnectorMetadata).Select(ReadKnown).ToEquatableArray(),
            row is INamedTypeSymbol named && named.IsSerializableByMemoryPack())
        {
            Changelog = ConnectorReader.ChangelogOf(attribute),
        };
        return (messages, creator);
    }

    private static KnownMetadata ReadKnown(AttributeData attribute) => new(
        attribute.Text("name") ?? "",
        attribute.ConstructorArguments is [_, { Kind: TypedConstantKind.Array } types]
            ? types.Values
                .Select(static type => type.Value is ITypeSymbol symbol
                    ? symbol.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)
                    : "")
                .ToEquatableArray()
            : EquatableArray<string>.Empty,
        attribute.Scalar<bool>("IsReadOnly") == true);

    private static AttributeModel Settings(AttributeData attribute) => new(
        TypeReader.Name(attribute.AttributeClass!),
        attribute.ConstructorArguments.Select(Constant).ToEquatableArray(),
        attribute.NamedArguments
            .Select(static argument => new PropertyConstant(argument.Key, Constant(argument.Value)))
            .ToEquatableArray());

    private static ConstantModel Constant(TypedConstant value) => value switch
    {
        { IsNull: true } => new NullConstant(),
        { Kind: TypedConstantKind.Array } => new ArrayConstant(
            TypeReader.Name(((IArrayTypeSymbol)value.Type!).ElementType),
            value.Values.Select(Constant).ToEquatableArray()),
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => new TypeConstant(TypeReader.Name(type)),
        { Kind: TypedConstantKind.Enum } =>
            new EnumConstant(TypeReader.Name(value.Type!), MemberOf(value), new ScalarConstant(value.Value!, null)),
        { Value: { } scalar } => new ScalarConstant(scalar, null),
        _ => new DefaultConstant(null, IsReference: false),
    };

    private static string? MemberOf(TypedConstant value) => value.Type!.GetMembers()
        .OfType<IFieldSymbol>()
        .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value.Value))?.Name;

    private static string Label(AttributeData attribute)
    {
        var texts = attribute.ConstructorArguments.SelectMany(static argument => argument.Kind == TypedConstantKind.Array
            ? argument.IsNull ? [] : argument.Values.AsEnumerable()
            : [argument]);
        return string.Join(", ", texts.Select(static text => text.Value).OfType<string>());
    }
}
