using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.Authoring;

/// <summary>The methods that the factory of a connector needs.</summary>
internal static class FactoryMethods
{
    /// <summary>
    /// The methods for the format of the rows. One of them is enough; those that exist determine the formats of the connector.
    /// </summary>
    /// <param name="attribute">The attribute of the connector.</param>
    /// <param name="isSource">Whether it is an attribute for sources.</param>
    /// <returns>The methods; null if the attribute does not declare a format.</returns>
    public static IReadOnlyList<FactoryMethod>? Of(INamedTypeSymbol attribute, bool isSource)
    {
        var format = attribute.GetMembers("Format").OfType<IPropertySymbol>().FirstOrDefault()?.Type;
        if (format.IsPenstock(KnownNames.MessageFormat))
        {
            return
            [
                isSource ? Source(KnownNames.CreateSource, "IMessageReader") : Sink(KnownNames.CreateSink, "IMessageWriter"),
            ];
        }

        if (format.IsPenstock(KnownNames.FileFormat))
        {
            return isSource
                ? [Source(KnownNames.CreateCsvSource, "ICsvRowReader"), Source(KnownNames.CreateJsonLinesSource, "IJsonRowReader")]
                :
                [
                    Sink(KnownNames.CreateSink, "IRowWriter"),
                    Sink(KnownNames.CreateCsvSink, "IRowWriter"),
                    Sink(KnownNames.CreateJsonLinesSink, "IRowWriter"),
                ];
        }

        return null;
    }

    /// <summary>What is wrong with the methods of a factory.</summary>
    /// <param name="methods">Those that the attribute may have.</param>
    /// <param name="factory">The factory.</param>
    /// <param name="attribute">The attribute of the connector.</param>
    /// <param name="compilation">The program.</param>
    public static IEnumerable<(FactoryMethod Method, string Reason)> Faults(
        IReadOnlyList<FactoryMethod> methods,
        INamedTypeSymbol factory,
        INamedTypeSymbol attribute,
        Compilation compilation)
    {
        var declared = methods.Where(method => method.IsDeclared(factory)).ToList();
        if (declared.Count == 0)
        {
            var names = string.Join(" or ", methods.Select(static method => $"'{method.Name}'"));
            return [(methods[0], FactoryMethod.WhyNot(factory, attribute) ?? $"there is no method {names}")];
        }

        // Beside one that can be called, another one may be for another attribute.
        var reasons = declared.Select(method => (Method: method, Reason: method.WhyNot(factory, attribute, compilation))).ToList();
        var isCalled = reasons.Exists(static item => item.Reason == null);
        return reasons
            .Where(item => item.Reason != null && (!isCalled || item.Method.IsFor(factory, attribute, compilation)))
            .Select(static item => (item.Method, item.Reason!));
    }

    private static FactoryMethod Source(string name, string reader) =>
        new(name, "ISource", "SourceContext", reader, "TReader", "reader");

    private static FactoryMethod Sink(string name, string writer) => new(name, "ISink", "SinkContext", writer, "TWriter", "writer");
}
