using System.Runtime.ExceptionServices;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// Counts the quotes of a file up to given places. The whole file is read before the job starts. Several threads read a large file, because
/// memory bandwidth is the limit and one thread cannot use all of it.
/// </summary>
internal static class QuoteCounts
{
    private const int BlockSize = 256 * 1024;

    // Smaller files are read by the calling thread. A simulation, in which only one thread may run at a time, has no larger ones.
    private const long LeastPerThread = 16 * 1024 * 1024;

    /// <summary>Determines for each place whether an odd number of quotes precedes it.</summary>
    /// <param name="open">Opens the file; each thread reads a file of its own.</param>
    /// <param name="places">The places, in ascending order.</param>
    /// <param name="mostThreads">The maximum number of threads.</param>
    public static bool[] AreOdd(Func<IReadableFile> open, IReadOnlyList<long> places, int mostThreads)
    {
        var isOdd = new bool[places.Count];
        if (places.Count == 0)
        {
            return isOdd;
        }

        var end = places[^1];
        var threads = (int)Math.Clamp(end / LeastPerThread, 1, mostThreads);
        var counted = new bool[threads][];
        Run(threads, thread => counted[thread] = Count(open, end * thread / threads, end * (thread + 1) / threads, places));
        var before = false;
        for (var i = 0; i < isOdd.Length; i++)
        {
            foreach (var part in counted)
            {
                before ^= part[i];
            }

            isOdd[i] = before;
        }

        return isOdd;
    }

    private static void Run(int threads, Action<int> count)
    {
        if (threads == 1)
        {
            count(0);
            return;
        }

        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, count);
        }
        catch (AggregateException error)
        {
            // The caller expects the error of the file itself.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    // For each place in the part between `from` and `to`: determines whether the number of quotes since the previous place is odd.
    private static bool[] Count(Func<IReadableFile> open, long from, long to, IReadOnlyList<long> places)
    {
        using var file = open();
        var block = new byte[BlockSize];
        var isOdd = new bool[places.Count];
        var next = 0;
        while (from < to)
        {
            while (places[next] <= from)
            {
                next++;
            }

            var count = file.Read(from, block.AsSpan(0, (int)Math.Min(block.Length, Math.Min(to, places[next]) - from)));
            if (count == 0)
            {
                break;
            }

            isOdd[next] ^= (block.AsSpan(0, count).Count((byte)'"') & 1) != 0;
            from += count;
        }

        return isOdd;
    }
}
