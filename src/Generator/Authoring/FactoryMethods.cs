using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.Authoring;

/// <summary>The methods that the factory of a connector needs.</summary>
internal static class FactoryMethods
{
    /// <summary>The methods for the format of the rows.</summary>
    /// <param name="attribute">The attribute of the connector.</param>
    /// <param name="isSource">Whether it is an attribute for sources.</param>
    /// <returns>The methods; null if the attribute does not declare a format.</returns>
    public static IReadOnlyList<FactoryMethod>? Of(INamedTypeSymbol attribute, bool isSource)
    {
        var format = attribute.GetMembers("Format").OfType<IPropertySymbol>().FirstOrDefault()?.Type;
        if (format.IsPenstock(KnownNames.MessageFormat))
        {
            return [isSource ? Source("CreateSource", "IMessageReader") : Sink("IMessageWriter")];
        }

        if (format.IsPenstock(KnownNames.FileFormat))
        {
            return isSource
                ? [Source("CreateCsvSource", "ICsvRowReader"), Source("CreateJsonLinesSource", "IJsonRowReader")]
                : [Sink("IRowWriter")];
        }

        return null;
    }

    private static FactoryMethod Source(string name, string reader) =>
        new(name, "ISource", "SourceContext", reader, "TReader", "reader");

    private static FactoryMethod Sink(string writer) => new("CreateSink", "ISink", "SinkContext", writer, "TWriter", "writer");
}
