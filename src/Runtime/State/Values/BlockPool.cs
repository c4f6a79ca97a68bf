using System.Collections.Concurrent;

namespace Penstock.State;

/// <summary>
/// A pool of memory blocks for state files, kept between checkpoints. The shared array pool is unsuitable, because it keeps arrays per
/// thread, and each checkpoint has its own threads.
/// </summary>
internal sealed class BlockPool
{
    /// <summary>The size of pooled blocks, in bytes.</summary>
    public const int BlockSize = 1024 * 1024;

    private const int MaxKept = 8;

    private readonly ConcurrentStack<byte[]> _kept = new();

    /// <summary>Rents a block of at least a given size, in bytes.</summary>
    public byte[] Rent(int size) => size > BlockSize ? new byte[size] : _kept.TryPop(out var block) ? block : new byte[BlockSize];

    /// <summary>Returns a block to the pool.</summary>
    public void Return(byte[] block)
    {
        if (block.Length == BlockSize && _kept.Count < MaxKept)
        {
            _kept.Push(block);
        }
    }
}
