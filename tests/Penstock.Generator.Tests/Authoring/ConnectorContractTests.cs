using Penstock.Generator.Authoring;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Authoring;

/// <summary>The attributes of connectors are checked at their declaration.</summary>
public sealed class ConnectorContractTests
{
    [Theory]
    [InlineData("Penstock.KafkaSourceAttribute")]
    [InlineData("Penstock.KafkaSinkAttribute")]
    [InlineData("Penstock.S3SourceAttribute")]
    [InlineData("Penstock.S3SinkAttribute")]
    public void The_connectors_of_our_packages_are_right(string name)
    {
        var compilation = TestCompiler.Compile("");
        var attribute = compilation.GetTypeByMetadataName(name)!;
        Assert.Contains(attribute.GetAttributes(), static found => found.AttributeClass!.Name == "ConnectorAttribute");
        Assert.Empty(ConnectorContract.Validate(attribute, compilation));
    }

    [Fact]
    public void The_message_says_what_is_wrong_and_how_the_method_is_declared()
    {
        const string program = """
            [Connector(typeof(TickConnector))]
            public sealed class TickSinkAttribute : SinkAttribute { public FileFormat Format { get; set; } }

            public static class TickConnector
            {
                public static object CreateSink<T, TWriter>(Penstock.Connectors.SinkContext context, TickSinkAttribute attribute)
                    where TWriter : struct, Penstock.Formats.IRowWriter<T> => null!;
            }
            """;
        var found = Assert.Single(TestCompiler.Build(program).Penstock);
        Assert.Equal(
            "'TickConnector' cannot create the connector that 'TickSinkAttribute' declares: 'CreateSink' returns object, which is not ISink<T>. "
            + "Declare the method as 'public static ISink<T> CreateSink<T, TWriter>(SinkContext context, TickSinkAttribute attribute) "
            + "where TWriter : struct, IRowWriter<T>'.",
            found.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    // One of several overloads, with further optional parameters, and with a result and parameters that are compatible but not identical.
    [Fact]
    public void What_can_be_called_is_right_however_it_is_declared() => TestCompiler.Build("""
        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Connectors))]
        internal sealed class TicksAttribute : SourceAttribute { public MessageFormat Format { get; set; } }

        internal static class Connectors
        {
            public static void CreateSource() { }

            public static IFeed<T> CreateSource<T, TReader>(
                Penstock.Connectors.ConnectorContext context, SourceAttribute attribute, bool isQuick = false)
                where TReader : Penstock.Formats.IMessageReader<T> => throw new NotSupportedException($"{attribute}{isQuick}");
        }

        internal interface IFeed<T> : Penstock.Connectors.ISource<T>;
        """).AssertClean();
}
