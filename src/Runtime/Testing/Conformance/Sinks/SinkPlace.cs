using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>The place of a sink: the successive processes that write there, and the visible output.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SinkPlace<T>
{
    private const int RowsNeeded = 12;

    private readonly CheckRun _run;
    private readonly SinkSetup<T> _setup;
    private readonly List<SinkProcess<T>> _processes = [];

    private SinkPlace(CheckRun run, SinkSetup<T> setup)
    {
        (_run, _setup) = (run, setup);
        if (setup.Rows.Count < RowsNeeded || setup.Rows.Distinct(setup.Comparer).Count() < setup.Rows.Count)
        {
            throw run.Broken(
                $"it has {setup.Rows.Count} rows, or some of them are the same.",
                $"Give the setup at least {RowsNeeded} Rows that all differ.");
        }
    }

    public static SinkOwner Job { get; } = new("1", "Conformance", "the checkpoints of the check");

    public static SinkOwner OtherJob { get; } = new("2", "Other", "other checkpoints");

    public CheckRun Run => _run;

    public IReadOnlyList<T> Rows => _setup.Rows;

    public bool AcceptsSeveralJobs => _setup.AcceptsSeveralJobs;

    /// <summary>Converts a check of a place to a check of a setup.</summary>
    public static Func<CheckRun, SinkSetup<T>, Task<bool>> Bind(Func<SinkPlace<T>, Task<bool>> check) => (run, setup) =>
    {
        var place = new SinkPlace<T>(run, setup);
        return CheckRun.ThenCloseAsync(() => check(place), place.CloseAsync);
    };

    /// <summary>Creates a process that has done nothing yet.</summary>
    public SinkProcess<T> Create()
    {
        var process = new SinkProcess<T>(_run, _setup);
        _processes.Add(process);
        return process;
    }

    /// <summary>
    /// Starts the job like the engine: claims the place, commits the output of the restored checkpoint, and revokes later output.
    /// </summary>
    /// <param name="restored">The checkpoint that is restored; 0 for a first start.</param>
    /// <param name="prepared">The output that was prepared for that checkpoint.</param>
    public async Task<SinkProcess<T>> StartAsync(long restored = 0, params byte[][] prepared)
    {
        var process = Create();
        await process.ClaimAsync(Job, isKnown: restored > 0);
        if (restored > 0)
        {
            await process.CommitAsync(restored, prepared);
        }

        await process.RevokeAfterAsync(restored);
        return process;
    }

    /// <summary>Checks which rows are visible.</summary>
    /// <param name="expected">The rows.</param>
    /// <param name="remedy">A sentence with the fix.</param>
    /// <param name="inOrder"><c>true</c> if the order must match.</param>
    public async Task ExpectAsync(IReadOnlyList<T> expected, string remedy, bool inOrder = false)
    {
        var found = await _setup.ReadAsync();
        if (inOrder && _setup.PartitionOf == null)
        {
            RowDifferences.CheckInOrder(_run, expected, found, _setup.Comparer, remedy);
        }
        else if (inOrder)
        {
            // A stable sort: within a partition, rows keep their order.
            var partitions = expected.Select(_setup.PartitionOf!).Distinct().ToList();
            RowDifferences.CheckInOrder(
                _run,
                [.. expected.OrderBy(row => partitions.IndexOf(_setup.PartitionOf!(row)))],
                [.. found.OrderBy(row => partitions.IndexOf(_setup.PartitionOf!(row)))],
                _setup.Comparer,
                remedy);
        }
        else if (RowDifferences.InAnyOrder(expected, found, _setup.Comparer) is { } difference)
        {
            throw _run.Broken(difference, remedy);
        }
    }

    /// <summary>Checks that the place contains nothing except the output.</summary>
    public async Task ExpectNothingHiddenAsync(string remedy)
    {
        if (_setup.ListHiddenAsync != null && await _setup.ListHiddenAsync() is [var hidden, ..])
        {
            throw _run.Broken($"'{hidden}' is left.", remedy);
        }
    }

    private async ValueTask CloseAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
