using Penstock.Network.Links;

namespace Penstock.Runtime.Tests.Network.Links;

/// <summary>Frames arrive complete and unchanged, or not at all.</summary>
public sealed class FrameReaderTests
{
    private static readonly (FrameKind Kind, ChannelAddress Channel, byte[] Body)[] Frames =
    [
        (FrameKind.Batch, new ChannelAddress(1, 2, 3, 4, 5), [.. Enumerable.Range(0, 90).Select(static number => (byte)number)]),
        (FrameKind.Credit, new ChannelAddress(0, 0, 0, 0, 0), []),
        (FrameKind.Barrier, new ChannelAddress(ushort.MaxValue, 0, 1, ushort.MaxValue, 1), [7]),
    ];

    [Fact]
    public void Frames_are_the_same_wherever_the_bytes_are_cut()
    {
        var bytes = Bytes();
        var random = new Random(1);
        for (var size = 1; size <= bytes.Length; size++)
        {
            var found = new List<(FrameKind, ChannelAddress, string)>();
            var reader = new FrameReader((in header, body) =>
            {
                Assert.Equal(17, header.Attempt);
                found.Add((header.Kind, header.Channel, Convert.ToHexString(body)));
            });
            for (var from = 0; from < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, size + 1), bytes.Length - from);
                reader.Read(bytes.AsSpan(from, count));
                from += count;
            }

            Assert.Equal(Frames.Select(static frame => (frame.Kind, frame.Channel, Convert.ToHexString(frame.Body))), found);
        }
    }

    [Fact]
    public void No_byte_can_change_without_notice()
    {
        var bytes = Bytes();
        for (var position = 0; position < bytes.Length; position++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[position] ^= (byte)(1 << bit);
                var before = Starts().TakeWhile(start => start <= position).Count() - 1;
                var found = 0;
                Assert.Throws<InvalidDataException>(() => new FrameReader((in _, _) => found++).Read(damaged));
                Assert.Equal(before, found);
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(FrameHeader.MaxBodyLength + 1)]
    [InlineData(int.MaxValue)]
    public void An_impossible_length_is_reported_before_more_bytes_arrive(int length)
    {
        var bytes = new byte[FrameHeader.Size];
        new FrameHeader(FrameKind.Batch, 1, default, length, 0).Write(bytes);
        var error =
            Assert.Throws<InvalidDataException>(() => new FrameReader(static (in _, _) => Assert.Fail("It is no frame.")).Read(bytes));
        Assert.Contains($"a frame has {length} bytes", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Starts()
    {
        var start = 0;
        foreach (var (_, _, body) in Frames)
        {
            yield return start;
            start += FrameHeader.Size + body.Length;
        }
    }

    private static byte[] Bytes() => [.. Frames.SelectMany(static frame =>
    {
        var bytes = new byte[FrameHeader.Size + frame.Body.Length];
        frame.Body.CopyTo(bytes, FrameHeader.Size);
        FrameHeader.Of(frame.Kind, 17, in frame.Channel, frame.Body).Write(bytes);
        return bytes;
    })];
}
