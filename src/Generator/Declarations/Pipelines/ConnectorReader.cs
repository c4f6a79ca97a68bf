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

        return new UnknownConnectorDeclaration(type.Name.EndsWith("Attribute", StringComparison.Ordinal)
            ? type.Name.Substring(0, type.Name.Length - "Attribute".Length)
            : type.Name);
    }

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

    private static CustomDeclaration ReadCustom(
        AttributeData attribute,
        string contract,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var type = attribute.AttributeClass!.TypeArguments[0];
        var hasColumns = row != null && type.AllInterfaces.Any(candidate =>
            candidate is { Arity: 1, Name: "IColumnSource" or "IColumnSink" }
                && candidate.IsInPenstock(KnownNames.Connectors)
                && SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], row));
        var implemented = type.AllInterfaces
            .Where(candidate => candidate.Name == contract && candidate.Arity == 1 && candidate.IsInPenstock(KnownNames.Connectors))
            .ToList();
        return new CustomDeclaration(
            TypeReader.Read(type),
            row == null || implemented.Any(candidate => SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], row)),
            string.Join(
                ", ",
                implemented.Select(static candidate => candidate.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat))),
            Has("IEventTimeSink"),
            Has("IChangelogSink"),
            type is INamedTypeSymbol { TypeKind: TypeKind.Class } named
                ? ClassReader.ReadCreation(named, compilation, property.ContainingType)
                : new CreationDeclaration(EquatableArray<ServiceModel>.Empty, CreationObstacle.Abstract, "", -1))
        {
            Rows = Has("IProjectionSource") || Has("ISchemaSink") ? ReadRows(attribute, row, RowPlace.File, property, compilation) : null,
            HasColumns = hasColumns,
        };

        bool Has(string mark) =>
            type.AllInterfaces.Any(candidate => candidate.Name == mark && candidate.IsInPenstock(KnownNames.Connectors));
    }
}
