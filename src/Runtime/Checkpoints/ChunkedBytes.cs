using System.Buffers;
using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>Bytes read from a file in chunks, since state may be larger than an array can be.</summary>
internal sealed class ChunkedBytes
{
    private const int ChunkSize = 16 * 1024 * 1024;

    private Segment? _first;
    private Segment? _last;

    public void Fill(IReadableFile file, long offset, long length)
    {
        while (length > 0)
        {
            var chunk = new byte[(int)Math.Min(length, ChunkSize)];
            var filled = 0;
            while (filled < chunk.Length)
            {
                var count = file.Read(offset + filled, chunk.AsSpan(filled));
                if (count == 0)
                {
                    throw new DamagedCheckpointException("A state file ends before its length.");
                }

                filled += count;
            }

            _last = _last == null ? _first = new Segment(chunk, 0) : _last.Append(chunk);
            offset += chunk.Length;
            length -= chunk.Length;
        }
    }

    public ReadOnlySequence<byte> ToSequence() =>
        _first == null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long index)
        {
            Memory = bytes;
            RunningIndex = index;
        }

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
