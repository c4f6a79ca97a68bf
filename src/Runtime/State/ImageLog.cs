namespace Penstock.State;

/// <summary>
/// Images of entries, in the order in which they were taken. One thread appends while another one reads what it has seen
/// published.
/// </summary>
internal sealed class ImageLog<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private const int ChunkSize = 256;

    private Image[][] _chunks = [];
    private int _count;

    /// <summary>How many images are published.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A published image.</summary>
    public ref readonly Image this[int index] => ref Volatile.Read(ref _chunks)[index / ChunkSize][index % ChunkSize];

    public void Append(int word, ulong bit, in KeyedEntry<TKey, TState> entry)
    {
        var count = _count;
        var (chunk, offset) = Math.DivRem(count, ChunkSize);
        if (chunk == _chunks.Length)
        {
            // The reader may hold the old directory, which stays as it is.
            var larger = new Image[Math.Max(4, chunk * 2)][];
            _chunks.CopyTo(larger, 0);
            Volatile.Write(ref _chunks, larger);
        }

        ref var image = ref (_chunks[chunk] ??= new Image[ChunkSize])[offset];
        image.Word = word;
        image.Bit = bit;
        image.Entry = entry;
        Volatile.Write(ref _count, count + 1);
    }

    /// <summary>An entry as it was.</summary>
    internal struct Image
    {
        public int Word;
        public ulong Bit;
        public KeyedEntry<TKey, TState> Entry;
    }
}
