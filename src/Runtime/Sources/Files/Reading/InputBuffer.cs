using System.Buffers;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>
/// The part of a file that is being read. Between <see cref="At"/> and <see cref="Limit"/> there are only complete lines, and there is
/// slack after the last byte, so that rows can be read without a bounds check at every byte.
/// </summary>
internal sealed class InputBuffer : IDisposable
{
    /// <summary>The maximum length of a row in bytes. A longer one is more likely a quote that is never closed.</summary>
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

    /// <summary>The index of the next row in <see cref="Data"/>.</summary>
    public int At { get; set; }

    /// <summary>The index after the last line break in the buffer; at most <see cref="At"/> if none is ahead.</summary>
    public int Limit { get; private set; }

    /// <summary>The number of valid bytes in <see cref="Data"/>.</summary>
    public int Length { get; private set; }

    /// <summary>Indicates whether the buffer contains the end of the file.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The offset of the first byte of <see cref="Data"/> in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Indicates whether the buffer could contain a row that is too long, so that each row must be checked.</summary>
    public bool CanHoldLongRows => Length > MaxRowLength;

    /// <summary>The offset of the next row in the file.</summary>
    public long Position => Offset + At;

    /// <summary>Drops the bytes that were read and reads more; the buffer grows if nothing was read.</summary>
    /// <returns><c>false</c> at the end of the file, or if the rest is longer than the maximum length of a row.</returns>
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

        // One byte is reserved for a line break that the file may lack.
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
