using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Joins;

/// <summary>The keys of a join, with the lists of their rows on both sides, and the watermark.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <param name="memory">The memory account of keys.</param>
/// <param name="entries">The memory account of lists.</param>
/// <param name="secret">The secret in the hashes of keys.</param>
internal sealed class JoinKeys<TKey>(StateMemory memory, StateMemory entries, TableSecret secret)
    where TKey : struct, IKey<TKey>
{
    // It is not saved: rows are, and contain their keys.
    private readonly KeyedTable<TKey, JoinKey> _table = new(detach: null, memory, secret);

    /// <summary>The lists.</summary>
    public JoinBlocks Blocks { get; } = new(entries);

    /// <summary>The number of keys.</summary>
    public int Count => _table.Count;

    /// <summary>The secret in the hashes of keys.</summary>
    public ulong Secret => _table.Secret;

    /// <summary>The watermark.</summary>
    public long Watermark { get; private set; } = Watermarks.None;

    /// <summary>
    /// The watermark that a checkpoint saves. It excludes the end of input: more rows may come when the job resumes with more input.
    /// </summary>
    public long Reached { get; private set; } = Watermarks.None;

    public ulong HashOf(TKey key) => TKey.Hash(key, _table.Secret);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref JoinKey GetOrAdd(TKey key, ulong hash) => ref _table.GetOrAdd(key, hash);

    /// <summary>Finds a key; a null reference if there is none.</summary>
    public ref JoinKey Find(TKey key, ulong hash) => ref _table.FindToChange(key, hash, isSaved: false);

    public void RemoveIfEmpty(TKey key, ulong hash, in JoinKey state)
    {
        if (state.Left.Count == 0 && state.Right.Count == 0)
        {
            _table.Remove(key, hash, isSaved: false);
        }
    }

    public void Reach(long watermark)
    {
        Watermark = Math.Max(Watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            Reached = Math.Max(Reached, watermark);
        }
    }

    public void Clear()
    {
        _table.Clear();
        Blocks.Clear();
        ForgetTime();
    }

    public void ForgetTime() => (Watermark, Reached) = (Watermarks.None, Watermarks.None);
}
