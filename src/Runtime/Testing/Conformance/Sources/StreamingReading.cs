using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>Reads a streaming source like a subtask to which all splits are assigned.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class StreamingReading<T> : IDisposable
{
    private const int UsualRoom = 64;
    private const int MostAnswersInVain = 1000;

    // The engine also checks its splits periodically.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly CheckRun _run;
    private readonly List<SplitReading<T>> _splits = [];

    // Not disposed, because the source may release it at any time.
    private readonly SemaphoreSlim _available = new(0);
    private bool _isClosed;

    /// <summary>Opens the splits and starts the source.</summary>
    /// <param name="run">The run of the check.</param>
    /// <param name="source">The source.</param>
    /// <param name="saved">
    /// The start positions by split id, null for a split that has ended; empty for a first start.
    /// </param>
    public StreamingReading(CheckRun run, IStreamingSource<T> source, IReadOnlyDictionary<string, byte[]?> saved)
    {
        (_run, Source) = (run, source);
        foreach (var split in SplitLists.Of(run, source))
        {
            if (!saved.TryGetValue(split.Id, out var position))
            {
                Add(split, badRows => source.Open(split, default, badRows));
            }
            else if (position != null)
            {
                Add(split, badRows => source.Open(split, position, badRows));
            }
        }

        run.Begin("begins to read");
        source.Begin(() => _available.Release());
    }

    public IStreamingSource<T> Source { get; }

    public IReadOnlyList<SplitReading<T>> Splits => _splits;

    /// <summary>The number of rows so far, including bad ones.</summary>
    public int Count => _splits.Sum(static split => split.Count);

    private bool HasEnded => !Source.IsOpenEnded && _splits.TrueForAll(static split => split.HasEnded);

    /// <summary>Reads until the total number of rows has arrived, or the source has ended.</summary>
    /// <param name="rows">The total number of rows, including bad ones.</param>
    /// <param name="asks">The number of times to request the next split from the source before it is read.</param>
    public async Task ReadAsync(int rows, int asks = 1)
    {
        var inVain = 0;
        while (Count < rows && !HasEnded)
        {
            AddNew();
            if (Next(asks) is { } split)
            {
                inVain = split.HasEnded ? inVain + 1 : 0;
                if (inVain == MostAnswersInVain)
                {
                    throw _run.Broken(
                        $"Next names the reader of split '{split.Split.Id}' again and again, which has returned Ended.",
                        "Name no reader that has ended.");
                }

                if (!split.HasEnded)
                {
                    split.Read(Math.Min(UsualRoom, rows - Count));
                }

                continue;
            }

            LookAtAll();
            if (!HasEnded && Next(1) == null)
            {
                await WaitAsync();
            }
        }
    }

    /// <summary>Returns the number of rows to read to get all rows.</summary>
    /// <param name="known">The known number of rows. A bounded source is read until it reports its end.</param>
    public int RowsToEnd(int known) => Source.IsOpenEnded ? known : int.MaxValue;

    /// <summary>Returns the positions of all splits; null for those that have ended.</summary>
    public Dictionary<string, byte[]?> SavePositions() => _splits.ToDictionary(
        static split => split.Split.Id,
        static split => split.HasEnded ? null : split.SavePosition());

    /// <summary>Closes the readers, then the source.</summary>
    public void Close()
    {
        _isClosed = true;
        _splits.ForEach(static split => split.Dispose());
        _run.Begin("is disposed");
        Source.Dispose();
    }

    public void Dispose()
    {
        if (!_isClosed)
        {
            Close();
        }
    }

    private void Add(SourceSplit split, Func<IBadRowHandler, ISplitReader<T>?> open)
    {
        var opened = new SplitReading<T>(_run, split, open);
        if (_splits.Exists(other => ReferenceEquals(other.Reader, opened.Reader)))
        {
            throw _run.Broken(
                "it has returned the reader of another split.",
                "Return a reader of its own for each split: Next tells by it which split is meant.");
        }

        _splits.Add(opened);
    }

    private bool AddNew()
    {
        _run.Begin("lists new splits");
        var found = (Source.TakeNew() ?? throw _run.Broken("TakeNew has returned null.", "Where there are none, return an empty list."))
            .Where(split => !_splits.Exists(known => known.Split.Id == split.Id)).ToList();
        found.ForEach(split => Add(split, badRows => Source.OpenNew(split, badRows)));
        return found.Count > 0;
    }

    private SplitReading<T>? Next(int asks)
    {
        _run.Begin($"is asked for the next split behind {Count} rows");
        ISplitReader<T>? next = null;
        for (; asks > 0; asks--)
        {
            next = Source.Next();
        }

        return next == null ? null : _splits.Find(split => ReferenceEquals(split.Reader, next))
            ?? throw _run.Broken(
                "Next has returned a reader that was not opened.",
                "Return a reader that Open or OpenNew of the same object has returned.");
    }

    // Reads with space for 0 rows, because splits may have ended.
    private void LookAtAll() => _splits.FindAll(static split => !split.HasEnded).ForEach(static split => split.Read(0));

    private async Task WaitAsync()
    {
        for (var waited = TimeSpan.Zero; waited < _run.Patience; waited += LookInterval)
        {
            if (await _available.WaitAsync(LookInterval) || AddNew())
            {
                return;
            }

            LookAtAll();
            if (HasEnded)
            {
                return;
            }

            // Rows may have arrived just now; then the notification is about to follow.
            if (Next(1) != null && !await _available.WaitAsync(LookInterval))
            {
                throw _run.Broken(
                    "there are rows again since Next has returned null, and nothing has called what Begin was given.",
                    "Call it whenever rows come behind a Next that had none.");
            }
        }

        _run.Begin($"waits for rows behind {Count}");
        throw _run.Broken(
            $"none have come for {_run.Patience.TotalSeconds} s, and "
            + $"{(Source.IsOpenEnded ? "more were expected" : "not all readers have returned Ended")}.",
            "Deliver each row once. A source that is not open-ended ends when the reader of each split has returned Ended, for which it "
            + "is asked without rows, too.");
    }
}
