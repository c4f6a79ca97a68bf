using System.Collections.Concurrent;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Hands the strings that one split has taught to the reader of the next.</summary>
internal sealed class StringCachePool
{
    private readonly ConcurrentBag<StringCache> _free = [];

    public StringCache Rent(int columns) => _free.TryTake(out var cache) ? cache : new StringCache(columns);

    public void Return(StringCache cache) => _free.Add(cache);
}
