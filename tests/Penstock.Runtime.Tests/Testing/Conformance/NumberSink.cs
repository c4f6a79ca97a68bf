using System.Globalization;
using System.Text;
using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>The mistakes of a sink.</summary>
internal enum SinkMistake
{
    None,
    TurnsRowsRound,
    ShowsWhatIsPrepared,
    KeepsBatches,
    ShowsTwice,
    DeletesOnClose,
    CommitsEverything,
    CommitsItsOwnCheckpointOnly,
    ContinuesThePart,
    SharesNames,
    PreparesNothing,
    TakesNothingBack,
    ShowsOnClose,
    ForgetsItsOutput,
    DropsWhatIsGivenUp,
    ClaimsToRevoke,
    RevokesOnce,
    HasANameEachTime,
    RefusesNobody,
    LeavesItsOutputToOthers,
    DeletesOnRelease,
    CannotBeClosedTwice,
}

/// <summary>The place, in memory, where numbers are written.</summary>
internal sealed class NumberPlace
{
    public Dictionary<string, List<long>> Hidden { get; } = [];

    public List<(long Checkpoint, List<long> Rows)> Visible { get; } = [];

    /// <summary>The running job; null if there is none.</summary>
    public string? Runs { get; set; }

    /// <summary>The job that owns the output; null if there is none.</summary>
    public string? Owner { get; set; }
}

/// <summary>Writes numbers to memory, exactly once, with a given mistake.</summary>
internal sealed class NumberSink(NumberPlace place, SinkMistake mistake) : ISink<long>
{
    public static SinkSetup<long> SetUp(SinkMistake mistake)
    {
        var place = new NumberPlace();
        return new SinkSetup<long>
        {
            Create = () => new NumberSink(place, mistake),
            ReadAsync = () => new([.. place.Visible.SelectMany(static part => part.Rows)]),
            ListHiddenAsync = () => new([.. place.Hidden.Keys]),
            Rows = [.. Enumerable.Range(1, 12)],
        };
    }

    public ISinkWriter<long> OpenWriter(int subtask) => new Writer(place, mistake, subtask);

    public ISinkCommitter CreateCommitter() => new Committer(place, mistake);

    private sealed class Writer(NumberPlace place, SinkMistake mistake, int subtask) : ISinkWriter<long>
    {
        private readonly List<(Batch<long> Batch, int Count)> _batches = [];
        private readonly List<string> _written = [];
        private List<long> _rows = [];

        public void Write(Batch<long> batch, long checkpoint)
        {
            var name = mistake == SinkMistake.SharesNames ? $"{checkpoint}" : $"{checkpoint}-{subtask}";
            place.Hidden[name] = _rows;
            _written.Add(name);
            if (mistake == SinkMistake.KeepsBatches)
            {
                _batches.Add((batch, batch.Count));
            }
            else if (mistake == SinkMistake.TurnsRowsRound)
            {
                _rows.InsertRange(0, batch.Rows.AsSpan(0, batch.Count));
            }
            else
            {
                _rows.AddRange(batch.Rows.AsSpan(0, batch.Count));
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint)
        {
            foreach (var (batch, count) in _batches)
            {
                _rows.AddRange(batch.Rows.AsSpan(0, count));
            }

            _batches.Clear();
            var name = mistake == SinkMistake.SharesNames ? $"{checkpoint}" : $"{checkpoint}-{subtask}";
            var isEmpty = _rows.Count == 0;
            if (mistake != SinkMistake.ContinuesThePart)
            {
                _rows = [];
            }

            if (mistake == SinkMistake.ShowsWhatIsPrepared && place.Hidden.Remove(name, out var shown))
            {
                place.Visible.Add((checkpoint, shown));
            }

            return new(isEmpty && mistake != SinkMistake.PreparesNothing ? [] : Encoding.UTF8.GetBytes(name));
        }

        public void Dispose()
        {
            foreach (var name in _written)
            {
                if (mistake is not (SinkMistake.DeletesOnClose or SinkMistake.ShowsOnClose) || !place.Hidden.Remove(name, out var rows))
                {
                    continue;
                }

                if (mistake == SinkMistake.ShowsOnClose)
                {
                    place.Visible.Add((long.Parse(name.Split('-')[0], CultureInfo.InvariantCulture), rows));
                }
            }
        }
    }

    private sealed class Committer(NumberPlace place, SinkMistake mistake) : ISinkCommitter
    {
        private string? _job;
        private bool _isClosed;
        private int _revokes;

        public string Place => mistake == SinkMistake.HasANameEachTime ? Guid.NewGuid().ToString() : "memory";

        public bool CanRevoke => true;

        public ValueTask ClaimAsync(SinkOwner owner, bool isKnown)
        {
            var isTaken = (place.Runs ?? owner.Job) != owner.Job || (place.Owner ?? owner.Job) != owner.Job;
            if (isTaken && mistake != SinkMistake.RefusesNobody)
            {
                throw new PipelineException(PipelineErrorCode.Custom, "The place is another job's.");
            }

            (place.Runs, place.Owner, _job) = (owner.Job, owner.Job, owner.Job);
            return default;
        }

        public ValueTask ReleaseAsync()
        {
            place.Owner = null;
            if (mistake == SinkMistake.DeletesOnRelease)
            {
                place.Visible.Clear();
            }

            return default;
        }

        public ValueTask<long?> LastCommittedAsync() => new(mistake == SinkMistake.ForgetsItsOutput
            ? 0
            : place.Visible.Select(static part => (long?)part.Checkpoint).DefaultIfEmpty(0).Max());

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
        {
            var names = mistake == SinkMistake.CommitsEverything ? [.. place.Hidden.Keys]
                : prepared.Where(static name => name.Length > 0).Select(static name => Encoding.UTF8.GetString(name)).ToList();
            foreach (var name in names)
            {
                if (stop.IsCancellationRequested)
                {
                    _ = mistake == SinkMistake.DropsWhatIsGivenUp && place.Hidden.Remove(name);
                    throw new OperationCanceledException(stop);
                }

                if (mistake != SinkMistake.CommitsItsOwnCheckpointOnly || name.StartsWith($"{checkpoint}-", StringComparison.Ordinal))
                {
                    Commit(checkpoint, name);
                }
            }

            return default;
        }

        public ValueTask RevokeAfterAsync(long checkpoint)
        {
            if (++_revokes > 1 && mistake == SinkMistake.RevokesOnce)
            {
                throw new InvalidOperationException("There is nothing to take back.");
            }

            if (mistake != SinkMistake.TakesNothingBack)
            {
                place.Hidden.Clear();
            }

            if (mistake != SinkMistake.ClaimsToRevoke)
            {
                place.Visible.RemoveAll(part => part.Checkpoint > checkpoint);
            }

            return default;
        }

        public void Dispose()
        {
            if (_isClosed && mistake == SinkMistake.CannotBeClosedTwice)
            {
                throw new InvalidOperationException("The committer is closed.");
            }

            _isClosed = true;
            if (place.Runs == _job)
            {
                place.Runs = null;
            }

            if (mistake == SinkMistake.LeavesItsOutputToOthers)
            {
                place.Owner = null;
            }
        }

        private void Commit(long checkpoint, string name)
        {
            if (mistake == SinkMistake.ShowsTwice && place.Hidden.TryGetValue(name, out var again))
            {
                place.Visible.Add((checkpoint, again));
            }
            else if (place.Hidden.Remove(name, out var rows))
            {
                place.Visible.Add((checkpoint, rows));
            }
            else if (mistake == SinkMistake.PreparesNothing)
            {
                throw new InvalidOperationException($"'{name}' is gone.");
            }
        }
    }
}
