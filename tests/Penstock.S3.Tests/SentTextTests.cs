using Penstock.Testing;

namespace Penstock.S3.Tests;

/// <summary>Pipelines that read objects are tested with text, without a server or a client.</summary>
public sealed class SentTextTests
{
    [Fact]
    public void Text_is_read_as_that_of_an_object()
    {
        using var test = PipelineTest.For<CopyObjects>();
        test.SendText(nameof(CopyObjects.Items), "text,number\n\"a\nb\",1\n,2\n");
        Assert.Equal([new Item(1, "a\nb"), new Item(2, null)], test.Read<Item>(nameof(CopyObjects.Items)));
        Assert.Throws<BadRowException>(() => test.SendText(nameof(CopyObjects.Items), "text,number\na,x\n"));
        Assert.Throws<ArgumentException>(() => test.SendMessages(nameof(CopyObjects.Items), new TestMessage("1,a")));
    }

    [Fact]
    public void A_source_that_looks_for_new_objects_reads_text_too()
    {
        using var test = PipelineTest.For<CopyComingObjects>();
        test.SendText(nameof(CopyComingObjects.Items), "number,text\n1,a\n");
        test.SendText(nameof(CopyComingObjects.Items), "number,text\n2,b\n");
        Assert.Equal([1, 2], test.Read<Item>(nameof(CopyComingObjects.Items)).Select(static item => item.Number));
    }
}
