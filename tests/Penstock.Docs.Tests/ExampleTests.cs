namespace Penstock.Docs.Tests;

/// <summary>Every attribute that users write has an example, which builds without diagnostics.</summary>
public sealed class ExampleTests
{
    /// <summary>The names that examples use in addition to the rows and operators of the diagnostic pages.</summary>
    private const string Named = """
        public sealed class OrderQueue : ISource<Order>
        {
            public IReadOnlyList<SourceSplit> Discover() => [];
            public ISplitReader<Order> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
                throw new NotSupportedException();
        }

        public sealed class QueueSource<T, TReader>(string queue) : ISource<T>
            where TReader : struct, IMessageReader<T>
        {
            public string Queue => queue;
            public IReadOnlyList<SourceSplit> Discover() => [];
            public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
                throw new NotSupportedException();
        }

        public sealed class OrderTable : ISink<Order>
        {
            public ISinkWriter<Order> OpenWriter(int subtask) => throw new NotSupportedException();
            public ISinkCommitter CreateCommitter() => SinkCommitter.None;
        }

        public readonly struct UriCodec : IValueCodec<Uri>
        {
            public static string Schema => "uri/1";
            public static bool IsMutable => false;
            public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Uri value)
                where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteString(value.OriginalString);
            public static Uri Read(ref MemoryPack.MemoryPackReader reader) => new(reader.ReadString()!, UriKind.RelativeOrAbsolute);
            public static Uri Detach(Uri value) => value;
        }
        """;

    private static readonly string[] Namespaces = ["Penstock", "Penstock.Connectors", "Penstock.Formats"];

    private static readonly Dictionary<string, DocumentedAttribute> All = Libraries.All
        .SelectMany(static library => DocumentedAttribute.Of(library.Folder)).ToDictionary(static attribute => attribute.Name);

    public static TheoryData<string> Attributes => [.. All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Attribute_has_an_example_that_builds(string attribute)
    {
        Assert.NotEmpty(All[attribute].Examples);
        foreach (var example in All[attribute].Examples)
        {
            string[] parts = [.. Namespaces.Select(static name => $"using {name};"), SharedRows(), Named, "#line 1", example];
            var program = new PageProgram(attribute, string.Join('\n', parts));
            Assert.True(program.Problems.Count == 0, string.Join('\n', program.Problems) + "\n\n" + example);
        }
    }

    private static string SharedRows() => Page.Load("docs/diagnostics/README.md").Blocks("csharp")[0].Code;
}
