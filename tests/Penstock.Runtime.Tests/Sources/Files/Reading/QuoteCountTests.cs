using Penstock.Connectors;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Sources.Files.Reading;

/// <summary>Whether positions in a file are inside quotes: counts by several threads, compared with a count byte by byte.</summary>
public sealed class QuoteCountTests
{
    // Three threads with 16 MB each.
    private const int Length = 49 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Several_threads_count_what_one_counts(int threads)
    {
        var random = new Random(3);
        var file = new byte[Length];
        for (var i = 0; i < 5_000; i++)
        {
            file[random.Next(Length)] = (byte)'"';
        }

        // Also at the boundary between the parts of two threads.
        for (var part = 1; part < 3; part++)
        {
            file.AsSpan((int)((Length - 1L) * part / 3) - 2, 5).Fill((byte)'"');
        }

        var places = Enumerable.Range(0, 40).Select(_ => (long)random.Next(Length)).Append(0).Append(1).Append(Length - 1).Order().ToList();
        var opened = 0;
        var isOdd = QuoteCounts.AreOdd(
            () =>
            {
                Interlocked.Increment(ref opened);
                return new Bytes(file);
            },
            places,
            threads);

        var expected = new List<bool>();
        var odd = false;
        for (var i = 0; i < Length; i++)
        {
            while (expected.Count < places.Count && places[expected.Count] == i)
            {
                expected.Add(odd);
            }

            odd ^= file[i] == '"';
        }

        Assert.Equal(expected, isOdd);
        Assert.Equal(Math.Min(threads, 3), opened);
    }

    [Fact]
    public void A_file_without_places_is_not_read() => Assert.Empty(QuoteCounts.AreOdd(() => throw new InvalidOperationException(), [], 2));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_error_of_the_file_is_reported_unchanged(int threads) =>
        Assert.Equal("bad sector", Assert.Throws<IOException>(() => QuoteCounts.AreOdd(() => new Bytes(null), [Length], threads)).Message);

    private sealed class Bytes(byte[]? content) : IReadableFile
    {
        public long Length => QuoteCountTests.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            // Returns less than requested, as files may.
            var count = Math.Min(buffer.Length, 100_003);
            (content ?? throw new IOException("bad sector")).AsSpan((int)offset, count).CopyTo(buffer);
            return count;
        }

        public void Dispose()
        {
        }
    }
}
