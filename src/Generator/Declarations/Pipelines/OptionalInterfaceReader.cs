using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Reads which optional interfaces a source or sink implements, of those that the generated code has to serve. The type is the class that
/// <c>[Source&lt;T&gt;]</c> or <c>[Sink&lt;T&gt;]</c> names, or what the factory method of a connector returns.
/// </summary>
internal static class OptionalInterfaceReader
{
    /// <summary>Adds to a connector what its type asks for.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="type">The type of its source or sink.</param>
    /// <param name="typeRow">
    /// The row type as <paramref name="type"/> names it: the type parameter of a factory method, else the row.
    /// </param>
    public static ConnectorDeclaration Read(
        ConnectorDeclaration connector,
        ITypeSymbol type,
        ITypeSymbol? typeRow,
        AttributeData attribute,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var interfaces = InterfacesOf(type)
            .Where(static candidate => candidate.IsInPenstock(KnownNames.Connectors))
            .ToList();
        return connector with
        {
            ClassName = typeRow is ITypeParameterSymbol ? type.Name : TypeReader.Read(type).ShortName,
            ReadsTimes = Has("IEventTimeSink"),
            TakesUpdates = Has("IChangelogSink"),
            Asked = Has("IProjectionSource") || Has("ISchemaSink")
                ? ConnectorReader.ReadRows(attribute, row, RowPlace.File, property, compilation)
                : null,
            HasColumns = typeRow != null && interfaces.Exists(candidate =>
                candidate is { Arity: 1, Name: "IColumnSource" or "IColumnSink" }
                    && SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], typeRow)),
        };

        bool Has(string name) => interfaces.Exists(candidate => candidate.Name == name);
    }

    // A factory method may return an interface, which is not among its own, or a type parameter, which has those of its constraints.
    private static IEnumerable<INamedTypeSymbol> InterfacesOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Interface } itself ? type.AllInterfaces.Prepend(itself) : type.AllInterfaces;
}
