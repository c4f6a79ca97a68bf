using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>The checks of a source, for one setup.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SourceChecks<T>(CheckRun run, SourceSetup<T> setup)
{
    private const int UsualBatch = 64;
    private const int MostPositions = 200;

    private static readonly int[] BatchSizes = [1, 2, 3, 7, 1000];

    private readonly List<ISource<T>> _created = [];

    public static IReadOnlyList<(string Name, Func<SourceChecks<T>, bool> Check)> All { get; } =
    [
        ("Splits are listed the same each time", static checks => checks.SplitsAreTheSame()),
        ("Each split has an id of its own", static checks => checks.IdsAreUnique()),
        ("The rows are those of the data", static checks => checks.RowsAreThoseOfTheData()),
        ("Bad rows go to the handler", static checks => checks.BadRowsAreReported()),
        ("A read takes no more rows than there is room for", static checks => checks.ReadsKeepToTheRoom()),
        ("Rows do not depend on the batch size", static checks => checks.BatchSizesChangeNothing()),
        ("Reading resumes from every saved position", static checks => checks.EveryPositionIsGoneOnFrom()),
        ("Places of rows do not depend on the batch size", static checks => checks.PlacesAreTheSame()),
        ("What the handler throws ends the read", static checks => checks.RefusalsPass()),
        ("Splits that are read side by side do not disturb each other", static checks => checks.SplitsAreIndependent()),
        ("A reader can be closed at any time, and twice", static checks => checks.ReadersCanBeClosed()),
        ("Data that has changed is recognized", static checks => checks.ChangesAreRecognized()),
    ];

    public async ValueTask CloseAsync()
    {
        // A source that is its own reader was already closed as a reader.
        foreach (var source in _created.Where(static source => source is not ISplitReader<T>))
        {
            await CheckRun.CloseAsync(source);
        }
    }

    private bool SplitsAreTheSame()
    {
        var source = Create();
        var splits = SplitLists.Of(run, source);
        SplitLists.CheckSame(run, splits, SplitLists.Of(run, source));
        SplitLists.CheckSame(run, splits, SplitLists.Of(run, Create()));
        ReadAll(source, UsualBatch);
        SplitLists.CheckSame(run, splits, SplitLists.Of(run, source));
        return true;
    }

    private bool IdsAreUnique()
    {
        SplitLists.CheckIds(run, SplitLists.Of(run, Create()));
        return true;
    }

    private bool RowsAreThoseOfTheData()
    {
        if (setup.Rows == null)
        {
            return false;
        }

        var splits = ReadAll(Create(), UsualBatch);
        run.Begin("has read all splits");
        Expect(setup.Rows, [.. splits.SelectMany(static split => split.Rows)], "Deliver each row once, in the order of the data.");
        return true;
    }

    private bool BadRowsAreReported()
    {
        var found = ReadAll(Create(), UsualBatch).Sum(static split => split.BadRows);
        run.Begin("has read all splits");
        return found == setup.BadRows ? setup.BadRows > 0 : throw run.Broken(
            $"{found} bad rows were reported, and the data has {setup.BadRows}.",
            "Give each row that cannot be read to the IBadRowHandler, once, and go on behind it.");
    }

    private bool ReadsKeepToTheRoom()
    {
        var source = Create();
        foreach (var split in SplitLists.Of(run, source))
        {
            using var reading = Open(source, split);
            while (!reading.IsDone)
            {
                reading.Read(0);
                if (!reading.IsDone)
                {
                    reading.Read(1);
                }
            }
        }

        return true;
    }

    private bool BatchSizesChangeNothing()
    {
        var expected = ReadAll(Create(), UsualBatch);
        foreach (var size in BatchSizes)
        {
            foreach (var (split, other) in expected.Zip(ReadAll(Create(), size)))
            {
                run.Begin($"has read split '{split.Split.Id}' in batches of {size} rows");
                Expect(
                    split.Rows,
                    other.Rows,
                    "The rows of a split must be the same, in the same order, however many of them one Read appends.");
                ExpectBad(split.BadRows, other.BadRows);
            }
        }

        return true;
    }

    private bool EveryPositionIsGoneOnFrom()
    {
        var source = Create();
        foreach (var split in SplitLists.Of(run, source))
        {
            using var whole = Open(source, split);
            whole.ReadToEnd(UsualBatch);
            foreach (var (position, rows, badRows) in PositionsOf(split))
            {
                using var rest = Open(Create(), split, position);
                rest.ReadToEnd(UsualBatch);
                run.Begin($"goes on in split '{split.Id}' from the position behind {rows} rows and {badRows} bad ones");
                Expect(
                    whole.Rows[rows..],
                    rest.Rows,
                    "A position must lie behind everything that was appended or reported, and a reader may keep nothing that is not in "
                    + "it: buffered rows are not read yet.");
                ExpectBad(whole.BadRows - badRows, rest.BadRows);
            }
        }

        return true;
    }

    private bool PlacesAreTheSame()
    {
        foreach (var (split, other) in ReadAll(Create(), UsualBatch).Zip(ReadAll(Create(), 1)))
        {
            run.Begin($"describes the rows of split '{split.Split.Id}', read in batches of 1 and of {UsualBatch}");
            if (RowDifferences.InOrder(other.Places, split.Places, StringComparer.Ordinal) is { } difference)
            {
                throw run.Broken(
                    $"their places differ: {difference}",
                    "The index that Describe gets counts the rows that the last Read has appended.");
            }
        }

        return true;
    }

    private bool RefusalsPass()
    {
        if (setup.BadRows == 0)
        {
            return false;
        }

        var source = Create();
        foreach (var split in SplitLists.Of(run, source))
        {
            using var reading = Open(source, split);
            var refusal = new BadRowException(default, "The check does not allow bad rows.");
            reading.Refusal = refusal;
            try
            {
                reading.ReadToEnd(UsualBatch);
            }
            catch (Exception error) when (ReferenceEquals(error, refusal))
            {
                return true;
            }

            if (reading.BadRows > 0)
            {
                throw run.Broken("it has caught what IBadRowHandler.Handle has thrown.", "Let it through: the pipeline fails on bad rows.");
            }
        }

        throw run.Broken("no bad row was reported.", "Give each row that cannot be read to the IBadRowHandler.");
    }

    private bool SplitsAreIndependent()
    {
        var alone = ReadAll(Create(), UsualBatch);
        if (alone.Count < 2)
        {
            return false;
        }

        var source = Create();
        var readings = SplitLists.Of(run, source).Select(split => Open(source, split)).ToList();
        while (readings.Exists(static reading => !reading.IsDone))
        {
            readings.FindAll(static reading => !reading.IsDone).ForEach(static reading => reading.Read(1));
        }

        foreach (var (split, beside) in alone.Zip(readings))
        {
            run.Begin($"has read split '{split.Split.Id}' beside the others");
            Expect(split.Rows, beside.Rows, "Each reader needs a position, a file and buffers of its own.");
            beside.Dispose();
        }

        return true;
    }

    private bool ReadersCanBeClosed()
    {
        var source = Create();
        var splits = SplitLists.Of(run, source);
        var alone = ReadAll(Create(), UsualBatch);
        foreach (var split in splits)
        {
            var reading = Open(source, split);
            reading.Read(1);
            reading.Dispose();
            reading.Dispose();
        }

        foreach (var (split, again) in alone.Zip(ReadAll(source, UsualBatch)))
        {
            run.Begin($"has read split '{split.Split.Id}' once more, behind a reader that was closed");
            Expect(split.Rows, again.Rows, "A reader that is closed must leave nothing behind that the next one finds.");
        }

        return true;
    }

    private bool ChangesAreRecognized()
    {
        if (setup.Change == null)
        {
            return false;
        }

        var positions = SplitLists.Of(run, Create()).Select(split => (Split: split, PositionsOf(split)[^1].Position)).ToList();
        setup.Change();
        var source = Create();
        var now = SplitLists.Of(run, source).ToDictionary(static split => split.Id);
        if (!positions.TrueForAll(
            saved => now.TryGetValue(saved.Split.Id, out var split) && split == saved.Split && GoesOn(source, split, saved.Position)))
        {
            return true;
        }

        run.Begin("is started over data that has changed");
        throw run.Broken(
            "each split has the id and the fingerprint of before, and goes on from the position of before.",
            "Give splits a Fingerprint that follows from the data, or throw a SourceChangedException from Open.");
    }

    private bool GoesOn(ISource<T> source, SourceSplit split, byte[] position)
    {
        try
        {
            using var reading = Open(source, split, position);
            return true;
        }
        catch (SourceChangedException)
        {
            return false;
        }
    }

    // Some positions of a long split are skipped. The position at the end is not included, because a start does not open an ended split.
    private List<(byte[] Position, int Rows, int BadRows)> PositionsOf(SourceSplit split)
    {
        using var reading = Open(Create(), split);
        List<(byte[] Position, int Rows, int BadRows)> positions = [];
        while (true)
        {
            positions.Add((reading.SavePosition(), reading.Rows.Count, reading.BadRows));
            reading.Read(1);
            if (reading.IsDone)
            {
                break;
            }
        }

        var every = (positions.Count / MostPositions) + 1;
        return [.. positions.Where((_, index) => index % every == 0)];
    }

    private List<SplitReading<T>> ReadAll(ISource<T> source, int batchSize)
    {
        var readings = new List<SplitReading<T>>();
        foreach (var split in SplitLists.Of(run, source))
        {
            using var reading = Open(source, split);
            reading.ReadToEnd(batchSize);
            readings.Add(reading);
        }

        return readings;
    }

    private SplitReading<T> Open(ISource<T> source, SourceSplit split, byte[]? position = null) =>
        new(run, split, badRows => source.Open(split, position, badRows));

    private ISource<T> Create()
    {
        var source = setup.Create() ?? throw run.Broken("Create has returned null.", "Return a source.");
        _created.Add(source);
        run.Check(source);
        return source is not IStreamingSource<T> ? source
            : throw run.Broken(
                "it is an IStreamingSource, whose splits are read side by side.",
                $"Check it by {nameof(StreamingSourceConformance)}.");
    }

    private void Expect(IReadOnlyList<T> expected, IReadOnlyList<T> found, string remedy) =>
        RowDifferences.CheckInOrder(run, expected, found, setup.Comparer, remedy);

    private void ExpectBad(int expected, int found)
    {
        if (expected != found)
        {
            throw run.Broken(
                $"{found} bad rows were reported, and {expected} were expected.",
                "A position lies behind bad rows as behind good ones, and each is reported once.");
        }
    }
}
