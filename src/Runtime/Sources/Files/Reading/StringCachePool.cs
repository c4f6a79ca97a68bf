using System.Collections.Concurrent;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Passes the string cache of one split to the reader of the next.</summary>
internal sealed class StringCachePool
{
    private readonly ConcurrentBag<StringCache> _free = [];

    public StringCache Rent(int columns) => _free.TryTake(out var cache) ? cache : new StringCache(columns);

    public void Return(StringCache cache) => _free.Add(cache);
}
