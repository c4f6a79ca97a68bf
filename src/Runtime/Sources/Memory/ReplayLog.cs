using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Penstock.Sources.Memory;

/// <summary>
/// The rows that were taken from an input in memory and that no complete checkpoint covers yet. It outlives an attempt: when the pipeline
/// restarts within the process, these rows are read again.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="input">The input.</param>
internal sealed class ReplayLog<T>(IMemoryInput<T> input)
{
    private const int BlockSize = 256;

    private readonly Lock _gate = new();
    private readonly List<T> _rows = [];
    private Action _available = static () => { };
    private object? _reader;
    private long _first;
    private bool _isWaiting;

    /// <summary>The identity of the log. A position with another one is of an earlier process, whose rows are gone.</summary>
    public long Id { get; } = NewId();

    /// <summary>The number of the first row that can be read.</summary>
    public long First
    {
        get
        {
            lock (_gate)
            {
                return _first;
            }
        }
    }

    /// <summary>Begins the reading of a source.</summary>
    /// <exception cref="MemoryInputException">Another source reads the same input, so each would get all of its rows, or some.</exception>
    public void Claim(object source)
    {
        lock (_gate)
        {
            if (_reader != null && _reader != source)
            {
                throw new MemoryInputException(
                    "another source reads the same channel, block or sequence. Give each source its own.");
            }

            _reader = source;
        }
    }

    /// <summary>Ends the reading of a source.</summary>
    public void Leave(object source)
    {
        lock (_gate)
        {
            _reader = _reader == source ? null : _reader;
        }
    }

    /// <summary>Reads rows.</summary>
    /// <param name="next">The number of the next row.</param>
    /// <param name="rows">Receives the rows.</param>
    /// <returns>The number of rows that were available.</returns>
    public int Read(long next, Span<T> rows)
    {
        lock (_gate)
        {
            Fill(next);
            var unread = CollectionsMarshal.AsSpan(_rows)[(int)(next - _first)..];
            unread = unread[..Math.Min(unread.Length, rows.Length)];
            unread.CopyTo(rows);
            return unread.Length;
        }
    }

    /// <summary>Indicates whether a row is available.</summary>
    /// <param name="next">The number of the row.</param>
    public bool Has(long next)
    {
        lock (_gate)
        {
            return Fill(next);
        }
    }

    /// <summary>Indicates whether all rows before a row were taken, and no more come.</summary>
    /// <param name="next">The number of the row.</param>
    public bool HasEndedAt(long next)
    {
        lock (_gate)
        {
            return !Fill(next) && input.HasEnded;
        }
    }

    /// <summary>Calls back, on any thread, when there may be rows, or when the input ends.</summary>
    public void Notify(Action available)
    {
        lock (_gate)
        {
            _available = available;
            if (_isWaiting)
            {
                return;
            }

            _isWaiting = true;
        }

        _ = WaitAsync();
    }

    /// <summary>Forgets the rows before a position of a complete checkpoint.</summary>
    /// <param name="next">The number of the first row that is still needed.</param>
    public void Forget(long next)
    {
        lock (_gate)
        {
            if (next > _first)
            {
                _rows.RemoveRange(0, (int)(next - _first));
                _first = next;
            }
        }
    }

    private static long NewId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToInt64(bytes);
    }

    private async Task WaitAsync()
    {
        // An error is reported when the rows are taken.
        await input.WaitAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Action available;
        lock (_gate)
        {
            (_isWaiting, available) = (false, _available);
        }

        available();
    }

    // Returns true if there is a row to read.
    private bool Fill(long next)
    {
        if (next < _first)
        {
            throw new MemoryInputException(
                $"the rows in memory before row {_first} are gone, but it needs them from row {next} on. Another source has read the same "
                    + "channel, block or sequence, or an older checkpoint was restored. Give each source its own, and start the process "
                    + "again after an older checkpoint was restored.");
        }

        var count = _rows.Count;
        if (next < _first + count)
        {
            return true;
        }

        CollectionsMarshal.SetCount(_rows, count + BlockSize);
        var taken = 0;
        try
        {
            taken = input.Take(CollectionsMarshal.AsSpan(_rows)[count..]);
        }
        finally
        {
            CollectionsMarshal.SetCount(_rows, count + taken);
        }

        return taken > 0;
    }
}
