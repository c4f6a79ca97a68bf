using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>The mistakes of a source.</summary>
internal enum SourceMistake
{
    None,
    ListsOtherSplits,
    UsesAnIdTwice,
    LosesARow,
    HidesBadRows,
    IgnoresTheRoom,
    LosesRowsOfSmallBatches,
    SavesWhatItHasFetched,
    DescribesByIndex,
    CatchesRefusals,
    SharesItsPosition,
    CannotBeClosedTwice,
    OverlooksChanges,
    ThrowsAtOnce,
}

/// <summary>Reads numbers from memory, with a given mistake. Negative numbers are bad rows.</summary>
internal sealed class NumberSource(List<long>[] splits, SourceMistake mistake) : ISource<long>
{
    private static int _lists;

    private int _sharedNext;

    /// <summary>Two splits, with a bad row in the first one.</summary>
    public static SourceSetup<long> SetUp(SourceMistake mistake)
    {
        List<long>[] splits = [[1, 2, -1, 3, 4, 5, 6, 7], [11, 12, 13, 14, 15, 16]];
        return new SourceSetup<long>
        {
            Create = () => new NumberSource(splits, mistake),
            Rows = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16],
            BadRows = 1,
            Change = () => splits[0][0] = 100,
        };
    }

    public IReadOnlyList<SourceSplit> Discover() => mistake == SourceMistake.ThrowsAtOnce
        ? throw new InvalidOperationException("There is no list.")
        :
    [
        .. splits.Select((values, index) => new SourceSplit(
            mistake == SourceMistake.UsesAnIdTwice ? "0"
                : mistake == SourceMistake.ListsOtherSplits ? $"{index} of {_lists++}"
                : $"{index}",
            mistake == SourceMistake.OverlooksChanges ? "" : string.Join(' ', values))),
    ];

    public ISplitReader<long> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(
            this,
            splits[split.Id[0] - '0'],
            position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position),
            badRows,
            mistake);

    private sealed class Reader : ISplitReader<long>
    {
        private readonly NumberSource _source;
        private readonly List<long> _values;
        private readonly IBadRowHandler _badRows;
        private readonly SourceMistake _mistake;
        private readonly List<int> _appended = [];
        private int _ownNext;
        private bool _isClosed;

        public Reader(NumberSource source, List<long> values, int next, IBadRowHandler badRows, SourceMistake mistake)
        {
            (_source, _values, _badRows, _mistake) = (source, values, badRows, mistake);
            Next = next;
        }

        private int Next
        {
            get => _mistake == SourceMistake.SharesItsPosition ? _source._sharedNext : _ownNext;
            set => (_source._sharedNext, _ownNext) = (value, value);
        }

        public ReadStatus Read(RowAppender<long> rows)
        {
            _appended.Clear();
            var room = rows.Free;
            var more = _mistake == SourceMistake.IgnoresTheRoom ? 1 : 0;
            while (Next < _values.Count && rows.Free + more > 0)
            {
                more -= rows.Free == 0 ? 1 : 0;
                Take(rows, Next++, room);
            }

            return Next < _values.Count ? ReadStatus.More : ReadStatus.Ended;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt32LittleEndian(
                position.GetSpan(sizeof(int)),
                _mistake == SourceMistake.SavesWhatItHasFetched ? _values.Count : Next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => _mistake == SourceMistake.DescribesByIndex
            ? index.ToString(CultureInfo.InvariantCulture)
            : _appended[index].ToString(CultureInfo.InvariantCulture);

        public void Dispose()
        {
            if (_isClosed && _mistake == SourceMistake.CannotBeClosedTwice)
            {
                throw new InvalidOperationException("The reader is closed.");
            }

            _isClosed = true;
        }

        private void Take(RowAppender<long> rows, int at, int room)
        {
            if (_values[at] < 0)
            {
                Report(at);
            }
            else if (!IsLost(at, room))
            {
                rows.Append(_values[at]);
                _appended.Add(at);
            }
        }

        private bool IsLost(int at, int room) =>
            (_mistake == SourceMistake.LosesARow && at == 1) || (_mistake == SourceMistake.LosesRowsOfSmallBatches && room < 3 && at == 4);

        private void Report(int at)
        {
            try
            {
                if (_mistake != SourceMistake.HidesBadRows)
                {
                    _badRows.Handle(new BadRow("numbers", at, "", "is negative", $"{_values[at]}"));
                }
            }
            catch (PipelineException) when (_mistake == SourceMistake.CatchesRefusals)
            {
                // The mistake.
            }
        }
    }
}
