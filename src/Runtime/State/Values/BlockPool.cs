using System.Collections.Concurrent;

namespace Penstock.State;

/// <summary>
/// Blocks of memory for state files, kept from one checkpoint to the next. The shared pool would not do: it keeps blocks by thread, and
/// each checkpoint has threads of its own.
/// </summary>
internal sealed class BlockPool
{
    /// <summary>The size of a block that is kept.</summary>
    public const int BlockSize = 1024 * 1024;

    private const int MostKept = 8;

    private readonly ConcurrentStack<byte[]> _kept = new();

    /// <summary>Gives a block of at least so many bytes.</summary>
    public byte[] Rent(int size) => size > BlockSize ? new byte[size] : _kept.TryPop(out var block) ? block : new byte[BlockSize];

    /// <summary>Takes a block back.</summary>
    public void Return(byte[] block)
    {
        if (block.Length == BlockSize && _kept.Count < MostKept)
        {
            _kept.Push(block);
        }
    }
}
