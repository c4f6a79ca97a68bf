using System.Buffers;
using MemoryPack;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Streams;

/// <summary>Text between tasks and in memory: any string is read as it was written, and short ones take one byte more than UTF-8.</summary>
public sealed class CompactTextTests
{
    [Fact]
    public void Any_string_is_read_unchanged()
    {
        string?[] parts = [null, "", "a", "ü", "€", "😀", "\ud83d", "\ude00", "\0", "plain text", "\uffff"];
        int[] lengths = [0, 1, 27, 83, 84, 85, 249, 250, 251, 16_383, 65_535, 65_536, 70_000];
        var texts = parts.Concat(parts.OfType<string>().SelectMany(part =>
            lengths.Select(length => string.Concat(Enumerable.Repeat(part, length))))).ToList();
        Assert.Equal(texts, Read(Write(texts), texts.Count));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("abc", 4)]
    [InlineData("Grüße", 8)]
    [InlineData(null, 1)]
    public void Short_strings_take_one_byte_more(string? text, int expected) => Assert.Equal(expected, Write([text]).Length);

    [Fact]
    public void Damaged_bytes_are_an_error_or_a_text()
    {
        var whole = Write(["ab", new string('c', 300), "\ud800", null]);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<MemoryPackSerializationException>(() => Read(cut, 4));
        }

        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Read(damaged, 4);
            }
            catch (MemoryPackSerializationException)
            {
                // Found.
            }
        }
    }

    private static byte[] Write(IEnumerable<string?> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, state);
        foreach (var text in texts)
        {
            CompactText.Write(ref writer, text);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static List<string?> Read(byte[] bytes, int count)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(bytes, state);
        var texts = new List<string?>();
        for (var index = 0; index < count; index++)
        {
            texts.Add(CompactText.Read(ref reader));
        }

        return texts;
    }
}
