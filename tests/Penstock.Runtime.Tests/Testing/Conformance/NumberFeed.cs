using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>The mistakes of a streaming source.</summary>
internal enum FeedMistake
{
    None,
    ListsOtherSplits,
    UsesAnIdTwice,
    CountsSlots,
    LosesARow,
    ForgetsWhatItHasNamed,
    NeverEnds,
    SavesWhatItHasFetched,
    ForgetsAtCheckpoints,
    WakesNobody,
    OverlooksNewSplits,
    CannotBeClosedTwice,
    NamesAReaderOfItsOwn,
}

/// <summary>The numbers that feeds read, including those added later.</summary>
internal sealed class Numbers
{
    public List<List<long>> Splits { get; } = [[1, 2, 3, 4, 5, 6], [11, 12, 13, 14]];

    public required bool IsUnbounded { get; init; }

    public event Action? Added;

    public void Add(long number)
    {
        Splits[0].Add(number);
        Added?.Invoke();
    }

    public void AddSplit(long number)
    {
        Splits.Add([number]);
        Added?.Invoke();
    }
}

/// <summary>Reads numbers from several splits concurrently, with a given mistake.</summary>
internal sealed class NumberFeed(Numbers numbers, FeedMistake mistake) : IStreamingSource<long>
{
    private static int _lists;

    private readonly List<Reader> _readers = [];
    private Action _available = static () => { };
    private Reader? _named;
    private int _known;
    private int _slots;
    private bool _isClosed;

    public static SourceSetup<long> SetUp(FeedMistake mistake, bool isOpenEnded)
    {
        var numbers = new Numbers { IsUnbounded = isOpenEnded };
        return new SourceSetup<long>
        {
            Create = () => new NumberFeed(numbers, mistake),
            Rows = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14],
            AddRow = isOpenEnded ? () => numbers.Add(7) : null,
            AddSplit = isOpenEnded ? () => numbers.AddSplit(21) : null,
        };
    }

    public bool IsUnbounded => numbers.IsUnbounded;

    public IReadOnlyList<SourceSplit> Discover()
    {
        _known = numbers.Splits.Count;
        return
        [
            .. Enumerable.Range(0, _known).Select(index => new SourceSplit(
                mistake == FeedMistake.UsesAnIdTwice ? "0"
                : mistake == FeedMistake.ListsOtherSplits ? $"{index} of {_lists++}"
                : $"{index}")),
        ];
    }

    public int SlotOf(SourceSplit split) => mistake == FeedMistake.CountsSlots ? _slots++ : split.Id[0] - '0';

    public ISplitReader<long> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var reader = new Reader(
            this,
            numbers.Splits[split.Id[0] - '0'],
            position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position));
        _readers.Add(reader);
        return reader;
    }

    public ISplitReader<long> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => Open(split, default, badRows);

    public void Start(Action available)
    {
        _available = available;
        numbers.Added += Wake;
    }

    public ISplitReader<long>? Next()
    {
        var next = _readers.Find(static reader => reader.HasRows);
        if (mistake == FeedMistake.ForgetsWhatItHasNamed && next != null && next == _named)
        {
            next.Next++;
        }

        _named = next;
        return mistake == FeedMistake.NamesAReaderOfItsOwn ? new Reader(this, [1], 0) : next;
    }

    public IReadOnlyList<SourceSplit> TakeNewSplits()
    {
        if (mistake == FeedMistake.OverlooksNewSplits)
        {
            return [];
        }

        var found = Enumerable.Range(_known, numbers.Splits.Count - _known).Select(static index => new SourceSplit($"{index}")).ToList();
        _known = numbers.Splits.Count;
        return found;
    }

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        if (mistake == FeedMistake.ForgetsAtCheckpoints)
        {
            _readers.ForEach(static reader => reader.Next++);
        }
    }

    public void Dispose()
    {
        if (_isClosed && mistake == FeedMistake.CannotBeClosedTwice)
        {
            throw new InvalidOperationException("The source is closed.");
        }

        _isClosed = true;
        numbers.Added -= Wake;
    }

    private void Wake()
    {
        if (mistake != FeedMistake.WakesNobody)
        {
            _available();
        }
    }

    private sealed class Reader(NumberFeed feed, List<long> values, int next) : ISplitReader<long>
    {
        private int _first = next;

        public int Next { get; set; } = next;

        public bool HasRows => Next < values.Count;

        public ReadStatus Read(RowAppender<long> rows)
        {
            feed._named = null;
            _first = Next;
            while (rows.Free > 0 && HasRows)
            {
                var number = values[Next++];
                if (!(feed.Mistake == FeedMistake.LosesARow && number == 2))
                {
                    rows.Append(number);
                }
            }

            return HasRows ? ReadStatus.More
                : feed.IsUnbounded || feed.Mistake == FeedMistake.NeverEnds ? ReadStatus.CaughtUp
                : ReadStatus.Ended;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt32LittleEndian(
                position.GetSpan(sizeof(int)),
                feed.Mistake == FeedMistake.SavesWhatItHasFetched ? values.Count : Next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => (_first + index).ToString(CultureInfo.InvariantCulture);

        public void Dispose()
        {
            // There are no resources.
        }
    }

    private FeedMistake Mistake => mistake;
}
