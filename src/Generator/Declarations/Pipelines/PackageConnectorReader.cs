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

        // A connector of another version may have other factory methods.
        string[] methods = isSource ? ["CreateSource", "CreateCsvSource", "CreateJsonLinesSource"] : ["CreateSink"];
        if (!methods.Any(name => factory.GetMembers(name)
            .OfType<IMethodSymbol>()
            .Any(static method => method is { IsStatic: true, Arity: 2 })))
        {
            return null;
        }

        var package = new PackageModel(TypeReader.Name(factory), Settings(attribute), Label(attribute));
        var format = type.GetMembers("Format").OfType<IPropertySymbol>().FirstOrDefault()?.Type;
        if (format.IsPenstock(KnownNames.FileFormat))
        {
            return ConnectorReader.ReadFile(attribute, isSource, row, property, compilation) with
            {
                Package = package,
                Options = OptionReader.Read(attribute)
            };
        }

        return format.IsPenstock(KnownNames.MessageFormat)
            ? ReadMessages(attribute, package, row, property, compilation) with { Options = OptionReader.Read(attribute) }
            : null;
    }

    private static MessageDeclaration ReadMessages(
        AttributeData attribute,
        PackageModel package,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var format = (MessageRowFormat)(attribute.Scalar<int>("Format") ?? 0);
        var place = format == MessageRowFormat.Raw ? RowPlace.RawMessage : RowPlace.Message;
        var rows = ConnectorReader.ReadRows(attribute, row, place, property, compilation);
        return new MessageDeclaration(
            package,
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
