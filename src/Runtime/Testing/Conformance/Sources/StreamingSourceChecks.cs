using Penstock.Connectors;
using Penstock.Threads;

namespace Penstock.Testing;

/// <summary>The checks of a streaming source, for one setup.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class StreamingSourceChecks<T>(CheckRun run, SourceSetup<T> setup)
{
    // Each position needs a separate client, which takes long to create for some sources.
    private const int MostPositions = 5;

    private static readonly Dictionary<string, byte[]?> FirstStart = [];

    private readonly List<StreamingReading<T>> _begun = [];
    private readonly List<IStreamingSource<T>> _created = [];

    public static IReadOnlyList<(string Name, Func<StreamingSourceChecks<T>, Task<bool>> Check)> All { get; } =
    [
        ("Splits are listed the same each time", static checks => Task.FromResult(checks.SplitsAreTheSame())),
        ("Each split has an id of its own", static checks => Task.FromResult(checks.IdsAreUnique())),
        ("All subtasks see the same slot of a split", static checks => Task.FromResult(checks.SlotsAreTheSame())),
        ("The rows are those of the data", static checks => checks.RowsAreThoseOfTheDataAsync()),
        ("Being asked again before a read loses no rows", static checks => checks.AskingAgainLosesNothingAsync()),
        ("The source ends with its last split", static checks => checks.EndsAsync()),
        ("Reading resumes from saved positions", static checks => checks.PositionsAreGoneOnFromAsync()),
        ("A complete checkpoint does not disturb reading", static checks => checks.CheckpointsDisturbNothingAsync()),
        ("Rows that come later wake the pipeline", static checks => checks.LaterRowsWakeAsync()),
        ("A split that is new is read from its first row", static checks => checks.NewSplitsAreReadAsync()),
        ("It can be closed in the middle, and twice", static checks => checks.CanBeClosedAsync()),
    ];

    public ValueTask CloseAsync()
    {
        _begun.ForEach(static reading => reading.Dispose());
        _created.ForEach(static source => source.Dispose());
        return default;
    }

    private bool SplitsAreTheSame()
    {
        var source = CreateUnread();
        var splits = SplitLists.Of(run, source);
        SplitLists.CheckSame(run, splits, SplitLists.Of(run, source));
        SplitLists.CheckSame(run, splits, SplitLists.Of(run, CreateUnread()));
        return true;
    }

    private bool IdsAreUnique()
    {
        SplitLists.CheckIds(run, SplitLists.Of(run, CreateUnread()));
        return true;
    }

    private bool SlotsAreTheSame()
    {
        var (source, other) = (CreateUnread(), CreateUnread());
        foreach (var split in SplitLists.Of(run, source))
        {
            run.Begin($"says which subtask reads split '{split.Id}'");
            var slot = source.SlotOf(split);
            if (slot < 0 || slot != source.SlotOf(split) || slot != other.SlotOf(split))
            {
                throw run.Broken(
                    $"SlotOf has returned {slot}, then {source.SlotOf(split)}, and of another object {other.SlotOf(split)}.",
                    "Return a number that is not negative and follows from the split alone: else a split is read by two subtasks, or by "
                    + "none.");
            }
        }

        return true;
    }

    private async Task<bool> RowsAreThoseOfTheDataAsync()
    {
        var reading = await ReadAllAsync();
        if (setup.Rows == null)
        {
            return false;
        }

        run.Begin("has read all splits");
        Expect(setup.Rows, [.. reading.Splits.SelectMany(static split => split.Rows)], "Deliver each row once, in the order of its split.");
        var badRows = reading.Splits.Sum(static split => split.BadRows);
        return badRows == setup.BadRows ? true : throw run.Broken(
            $"{badRows} bad rows were reported, and the data has {setup.BadRows}.",
            "Give each row that cannot be read to the IBadRowHandler, once, and go on behind it.");
    }

    private async Task<bool> AskingAgainLosesNothingAsync()
    {
        var expected = await ReadAllAsync();
        var asked = Begin(FirstStart);
        await asked.ReadAsync(expected.RowsToEnd(expected.Count), asks: 3);
        foreach (var (split, other) in expected.Splits.Zip(asked.Splits))
        {
            run.Begin($"has read split '{split.Split.Id}', asked three times before each read");
            Expect(split.Rows, other.Rows, "Next must name the same reader until its rows are read.");
        }

        return true;
    }

    private async Task<bool> EndsAsync()
    {
        if (CreateUnread().IsOpenEnded)
        {
            return false;
        }

        await Begin(FirstStart).ReadAsync(int.MaxValue);
        return true;
    }

    private async Task<bool> PositionsAreGoneOnFromAsync()
    {
        var whole = await ReadAllAsync();
        for (var at = 0; at < MostPositions; at++)
        {
            var first = Begin(FirstStart);
            await first.ReadAsync(whole.Count * at / MostPositions);
            var saved = first.SavePositions();
            first.Dispose();
            var rest = Begin(saved);
            await rest.ReadAsync(rest.RowsToEnd(whole.Count - first.Count));
            foreach (var split in whole.Splits)
            {
                var begun = first.Splits.First(other => other.Split.Id == split.Split.Id);
                var found = rest.Splits.FirstOrDefault(other => other.Split.Id == split.Split.Id)?.Rows ?? [];
                run.Begin($"goes on in split '{split.Split.Id}' from the position behind {begun.Rows.Count} rows");
                Expect(
                    split.Rows[begun.Rows.Count..],
                    found,
                    "A position must lie behind everything that was appended or reported, and nothing else may be needed: what was "
                    + "fetched is not read yet.");
            }
        }

        return true;
    }

    private async Task<bool> CheckpointsDisturbNothingAsync()
    {
        var expected = await ReadAllAsync();
        var reading = Begin(FirstStart);
        await reading.ReadAsync(expected.Count / 2);
        var saved = reading.SavePositions();
        run.Begin("is told that a checkpoint is complete");
        await ThreadBackground.Instance.Run(() => reading.Source.CheckpointCompleted(
            [.. reading.Splits.Select(split => new SplitPosition(split.Split, saved[split.Split.Id] ?? []))]));
        await reading.ReadAsync(expected.RowsToEnd(expected.Count));
        foreach (var (split, other) in expected.Splits.Zip(reading.Splits))
        {
            run.Begin($"has read split '{split.Split.Id}', with a checkpoint in the middle");
            Expect(split.Rows, other.Rows, "CheckpointCompleted says what a server may forget; what was read and fetched stays as it is.");
        }

        return true;
    }

    private async Task<bool> LaterRowsWakeAsync()
    {
        if (setup.AddRow == null)
        {
            return false;
        }

        var reading = Begin(FirstStart);
        await reading.ReadAsync(Known());
        var later = reading.ReadAsync(Known() + 1);
        setup.AddRow();
        await later;
        run.Begin("has read a row that came later");
        return reading.Count == Known() + 1 ? true : throw run.Broken(
            "the source has ended without it.",
            "A split returns Ended when nothing can come any more.");
    }

    private async Task<bool> NewSplitsAreReadAsync()
    {
        if (setup.AddSplit == null)
        {
            return false;
        }

        var reading = Begin(FirstStart);
        await reading.ReadAsync(Known());
        var before = reading.Splits.Count;
        setup.AddSplit();
        await reading.ReadAsync(Known() + 1);
        run.Begin("has read a split that is new");
        return reading.Splits.Count == before + 1 && reading.Splits[before].Count == 1 ? true : throw run.Broken(
            "its row has not come as that of a new split.",
            "List a split that comes into being in TakeNew, once for each subtask, and read it from its first row.");
    }

    private async Task<bool> CanBeClosedAsync()
    {
        var expected = await ReadAllAsync();
        var reading = Begin(FirstStart);
        await reading.ReadAsync(expected.Count / 2);
        reading.Close();
        reading.Close();
        foreach (var (split, again) in expected.Splits.Zip((await ReadAllAsync()).Splits))
        {
            run.Begin($"has read split '{split.Split.Id}' once more, behind a source that was closed");
            Expect(split.Rows, again.Rows, "A source that is closed must leave nothing behind that the next one finds.");
        }

        return true;
    }

    private async Task<StreamingReading<T>> ReadAllAsync()
    {
        var reading = Begin(FirstStart);
        await reading.ReadAsync(reading.Source.IsOpenEnded ? Known() : int.MaxValue);
        return reading;
    }

    // The number of rows of an unbounded source.
    private int Known() => setup.BadRows + (setup.Rows?.Count ?? throw run.Broken(
        "the setup has no Rows.",
        "Say which rows come: else it is not known when a source that goes on has brought them."));

    private StreamingReading<T> Begin(IReadOnlyDictionary<string, byte[]?> saved)
    {
        var reading = new StreamingReading<T>(run, Create(), saved);
        _begun.Add(reading);
        return reading;
    }

    private IStreamingSource<T> CreateUnread()
    {
        var source = Create();
        _created.Add(source);
        return source;
    }

    private IStreamingSource<T> Create()
    {
        var source = setup.Create() ?? throw run.Broken("Create has returned null.", "Return a source.");
        run.Check(source);
        return source as IStreamingSource<T> ?? throw run.Broken(
            "it is not an IStreamingSource.",
            $"Check it by {nameof(SourceConformance)}.");
    }

    private void Expect(IReadOnlyList<T> expected, IReadOnlyList<T> found, string remedy) =>
        RowDifferences.CheckInOrder(run, expected, found, setup.Comparer, remedy);
}
