using System.Buffers;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>
/// The part of a file that is being read. Up to <see cref="Limit"/> a line end lies ahead, and behind the last byte there
/// is slack, so that rows can be read without a test at every byte.
/// </summary>
internal sealed class InputBuffer : IDisposable
{
    /// <summary>No row may be longer: past it, a quote that is never closed is likelier than a row.</summary>
    public const int MaxRowLength = 16 * 1024 * 1024;

    private readonly FileByteInput _input;
    private byte[] _data;

    public InputBuffer(FileByteInput input, int size)
    {
        _input = input;
        _data = ArrayPool<byte>.Shared.Rent(size + CsvCursor.Slack);
        Offset = input.Position;
    }

    public byte[] Data => _data;

    /// <summary>Where the next row begins in <see cref="Data"/>.</summary>
    public int At { get; set; }

    /// <summary>Behind the last line end in the buffer; at most <see cref="At"/> when there is none ahead.</summary>
    public int Limit { get; private set; }

    /// <summary>How many bytes of <see cref="Data"/> are valid.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the file has no more bytes than the buffer.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The offset of the first byte of <see cref="Data"/> in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether a row in the buffer can be too long, so that each must be looked at.</summary>
    public bool CanHoldLongRows => Length > MaxRowLength;

    /// <summary>The offset of the next row in the file.</summary>
    public long Position => Offset + At;

    /// <summary>Drops what was read and reads more; the buffer grows when nothing was.</summary>
    /// <returns>False at the end of the file, or when the rest is longer than a row may be.</returns>
    public bool Fill()
    {
        if (IsAtEnd)
        {
            return false;
        }

        var unread = Length - At;
        var room = _data.Length - CsvCursor.Slack;
        if (unread > MaxRowLength)
        {
            return false;
        }

        if (unread > room / 2)
        {
            var larger = ArrayPool<byte>.Shared.Rent(room * 2 + CsvCursor.Slack);
            _data.AsSpan(At, unread).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_data);
            _data = larger;
        }
        else
        {
            _data.AsSpan(At, unread).CopyTo(_data);
        }

        Offset += At;
        At = 0;

        // One byte stays free for the line end that a file may lack.
        var free = _data.AsSpan(unread, _data.Length - CsvCursor.Slack - 1 - unread);
        var count = _input.Read(free);
        Length = unread + count;
        if (count < free.Length)
        {
            IsAtEnd = true;
            if (Length > 0 && _data[Length - 1] != (byte)'\n')
            {
                _data[Length++] = (byte)'\n';
            }
        }

        Limit = _data.AsSpan(0, Length).LastIndexOf((byte)'\n') + 1;
        return true;
    }

    /// <summary>Drops the rest of the buffer.</summary>
    public void Drop() => At = Length;

    public void Dispose()
    {
        _input.Dispose();
        var data = _data;
        _data = [];
        if (data.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }
}
