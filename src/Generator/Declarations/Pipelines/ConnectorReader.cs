using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the attributes of sources and sinks.</summary>
internal static class ConnectorReader
{
    private static readonly string[] CsvOptions = ["Delimiter", "MultiLine"];

    /// <param name="contract">The interface that a custom connector implements.</param>
    public static ConnectorDeclaration Read(
        AttributeData attribute,
        string contract,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var type = attribute.AttributeClass!;
        if (type.Name is KnownNames.FileSource or KnownNames.FileSink && type.IsInPenstock())
        {
            return ReadFile(attribute, type.Name == KnownNames.FileSource, row, property, compilation);
        }

        if (PackageConnectorReader.Read(attribute, contract == "ISource", row, property, compilation) is { } package)
        {
            return package;
        }

        if (type is { Arity: 1, Name: KnownNames.Source or KnownNames.Sink } && type.IsInPenstock())
        {
            return ReadCustom(attribute, contract, row, property, compilation);
        }

        return new UnknownConnectorDeclaration { Attribute = NameOf(type) };
    }

    /// <summary>What users write of the name of an attribute.</summary>
    public static string NameOf(INamedTypeSymbol attribute) => attribute.Name.EndsWith("Attribute", StringComparison.Ordinal)
        ? attribute.Name.Substring(0, attribute.Name.Length - "Attribute".Length)
        : attribute.Name;

    /// <summary>Whether an attribute has a path, which is empty.</summary>
    public static bool LacksPath(AttributeData attribute) =>
        attribute.HasParameter("path") && string.IsNullOrWhiteSpace(attribute.Text("path"));

    public static FileDeclaration ReadFile(
        AttributeData attribute,
        bool isSource,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var path = attribute.Text("path");
        return new FileDeclaration(
            path,
            attribute.Scalar<int>("Format") switch
            {
                1 => FileRowFormat.Csv,
                2 => FileRowFormat.JsonLines,
                _ => FormatOf(path),
            },
            attribute.Scalar<char>("Delimiter") ?? ',',
            attribute.OptionalText(isSource ? "SplitSize" : "RollSize"),
            BadRowsOf(attribute),
            ReadRows(attribute, row, RowPlace.File, property, compilation))
        {
            MultiLine = attribute.Scalar<bool>("MultiLine") ?? true,
            Attribute = NameOf(attribute.AttributeClass!),
            LacksPath = LacksPath(attribute),
            IsFormatGiven = attribute.IsGiven("Format"),
            CsvOptions = CsvOptions.Where(attribute.IsGiven).ToEquatableArray(),
            Poll = isSource ? attribute.OptionalText("Poll") : null,
            Changelog = ChangelogOf(attribute),
        };
    }

    public static BadRowHandling BadRowsOf(AttributeData attribute) => (BadRowHandling)(attribute.Scalar<int>("OnBadRow") ?? 0);

    public static ChangelogFormat ChangelogOf(AttributeData attribute) => (ChangelogFormat)(attribute.Scalar<int>("Changelog") ?? 0);

    public static RowDeclaration ReadRows(
        AttributeData attribute,
        ITypeSymbol? row,
        RowPlace place,
        IPropertySymbol property,
        Compilation compilation) => row == null
        ? new RowDeclaration(RowModel.None, true, null, null, null)
        : RowReader.Read(
            row,
            place,
            type => Naming.Of(attribute, type, row, property.ContainingType),
            compilation,
            property.ContainingType);

    /// <summary>The format that the name of a file shows.</summary>
    public static FileRowFormat FormatOf(string? path)
    {
        return path == null ? FileRowFormat.Unknown
            : FileNameFormat.IsCsv(path) ? FileRowFormat.Csv
            : FileNameFormat.IsJsonLines(path) ? FileRowFormat.JsonLines
            : FileRowFormat.Unknown;
    }

    private static ConnectorDeclaration ReadCustom(
        AttributeData attribute,
        string contract,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var type = attribute.AttributeClass!.TypeArguments[0];
        var implemented = type.AllInterfaces
            .Where(candidate => candidate.Name == contract && candidate.Arity == 1 && candidate.IsInPenstock(KnownNames.Connectors))
            .ToList();
        var custom = new CustomDeclaration(
            TypeReader.Read(type),
            row == null || implemented.Any(candidate => SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], row)),
            string.Join(
                ", ",
                implemented.Select(static candidate => candidate.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat))),
            type is INamedTypeSymbol { TypeKind: TypeKind.Class } named
                ? ClassReader.ReadCreation(named, compilation, property.ContainingType)
                : new CreationDeclaration(EquatableArray<ServiceModel>.Empty, CreationObstacle.Abstract, "", -1));
        var asking = OptionalInterfaceReader.Read(custom, type, row, attribute, row, property, compilation);
        return custom.IsContract ? asking : asking with { Asked = null };
    }
}
