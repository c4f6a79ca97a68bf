using Penstock.Streams;

namespace Penstock.Testing;

/// <summary>The checks of a sink, for one place.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SinkChecks<T>(SinkPlace<T> place)
{
    private readonly IReadOnlyList<T> _rows = place.Rows;

    public static IReadOnlyList<(string Name, Func<SinkChecks<T>, Task<bool>> Check)> All { get; } =
    [
        ("Rows are visible when they are committed, and in their order", static checks => checks.RowsAreVisibleInOrderAsync()),
        ("Rows are invisible until they are committed", static checks => checks.RowsAreInvisibleAsync()),
        ("A batch belongs to its caller", static checks => checks.BatchesAreNotKeptAsync()),
        ("A commit that comes again changes nothing", static checks => checks.CommitsCanComeAgainAsync()),
        ("Another process commits what was prepared", static checks => checks.AnotherProcessCommitsAsync()),
        ("A commit takes what it was given, and no more", static checks => checks.CommitsTakeWhatTheyWereGivenAsync()),
        ("What a failed checkpoint has prepared comes with the next one", static checks => checks.FailedCheckpointsComeLaterAsync()),
        ("Rows of the next checkpoint are written while one is prepared", static checks => checks.RowsAreWrittenWhilePreparingAsync()),
        ("Subtasks do not disturb each other", static checks => checks.SubtasksAreIndependentAsync()),
        ("A checkpoint without rows prepares nothing", static checks => checks.NothingIsPreparedOfNothingAsync()),
        ("Uncommitted output is removed by a restart", static checks => checks.RestartsTakeBackAsync()),
        ("A writer can be closed in the middle, and twice", static checks => checks.WritersCanBeClosedAsync()),
    ];

    private async Task<bool> RowsAreVisibleInOrderAsync()
    {
        var process = await place.StartAsync();
        process.Write(0, 1, Rows(0, 1));
        process.Write(0, 1, Rows(1, 4));
        process.Write(0, 1, Rows(5, 2));
        await process.CommitAsync(1, await process.PrepareAsync(0, 1));
        await place.ExpectAsync(
            Rows(0, 7),
            "A committed checkpoint shows all rows of its writers, in the order in which each has got them.",
            inOrder: true);
        await process.CommitAsync(2, await process.WriteAndPrepareAsync(2, Rows(7, 3)));
        await place.ExpectAsync(Rows(0, 10), "The output of a checkpoint comes beside that of those before.");
        return true;
    }

    private async Task<bool> RowsAreInvisibleAsync()
    {
        const string remedy = "Keep rows where no reader of the output looks, until CommitAsync has them.";
        var process = await place.StartAsync();
        process.Write(0, 1, Rows(0, 3));
        await place.ExpectAsync([], remedy);
        var prepared = await process.PrepareAsync(0, 1);
        await place.ExpectAsync([], remedy);
        await process.CommitAsync(1, prepared);
        process.Write(0, 2, Rows(3, 3));
        await process.PrepareAsync(0, 2);
        await place.ExpectAsync(Rows(0, 3), remedy);
        return true;
    }

    private async Task<bool> BatchesAreNotKeptAsync()
    {
        var process = await place.StartAsync();
        var batch = new BatchPool<T>(2).Rent();
        for (var index = 0; index < 6; index += 2)
        {
            process.Write(0, 1, Rows(index, 2), batch);
        }

        await process.CommitAsync(1, await process.PrepareAsync(0, 1));
        await place.ExpectAsync(Rows(0, 6), "Copy the rows before Write returns: the batch is filled with others then.");
        return true;
    }

    private async Task<bool> CommitsCanComeAgainAsync()
    {
        const string remedy = "A commit that was done before, here or in an earlier process, must find that and do nothing.";
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.CommitAsync(1, prepared);
        await process.CommitAsync(1, prepared);
        await place.ExpectAsync(Rows(0, 3), remedy);
        await process.DisposeAsync();
        await place.StartAsync(1, prepared);
        await place.ExpectAsync(Rows(0, 3), remedy);
        return true;
    }

    private async Task<bool> AnotherProcessCommitsAsync()
    {
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.DisposeAsync();
        await place.StartAsync(1, prepared);
        await place.ExpectAsync(
            Rows(0, 3),
            "What PrepareAsync returns must say all that a committer of another process needs, and what it speaks of must outlive the "
            + "writer.");
        return true;
    }

    private async Task<bool> CommitsTakeWhatTheyWereGivenAsync()
    {
        var process = await place.StartAsync();
        var first = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.WriteAndPrepareAsync(2, Rows(3, 3));
        await process.CommitAsync(1, first);
        await place.ExpectAsync(
            Rows(0, 3),
            "Make visible what the call was given: other prepared rows belong to checkpoints that are not complete.");
        return true;
    }

    private async Task<bool> FailedCheckpointsComeLaterAsync()
    {
        var process = await place.StartAsync();
        var failed = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        var next = await process.WriteAndPrepareAsync(2, Rows(3, 3));
        await process.CommitAsync(2, failed, next);
        await place.ExpectAsync(
            Rows(0, 6),
            "Commit each of the prepared parts, also those of earlier checkpoints: these were not complete, and are part of this one.");
        return true;
    }

    private async Task<bool> RowsAreWrittenWhilePreparingAsync()
    {
        const string remedy = "PrepareAsync ends the rows of its checkpoint when it is called: what is written later is of the next one.";
        var process = await place.StartAsync();
        process.Write(0, 1, Rows(0, 3));
        var preparing = process.BeginToPrepare(0, 1);
        process.Write(0, 2, Rows(3, 3));
        await process.CommitAsync(1, await preparing);
        await place.ExpectAsync(Rows(0, 3), remedy);
        await process.CommitAsync(2, await process.PrepareAsync(0, 2));
        await place.ExpectAsync(Rows(0, 6), remedy);
        return true;
    }

    private async Task<bool> SubtasksAreIndependentAsync()
    {
        var process = await place.StartAsync();
        for (var subtask = 0; subtask < 3; subtask++)
        {
            process.Write(subtask, 1, Rows(subtask * 2, 2));
        }

        for (var subtask = 0; subtask < 3; subtask++)
        {
            process.Write(subtask, 1, Rows(6 + (subtask * 2), 2));
        }

        byte[][] prepared = [await process.PrepareAsync(0, 1), await process.PrepareAsync(1, 1), await process.PrepareAsync(2, 1)];
        await process.CommitAsync(1, prepared);
        await place.ExpectAsync(Rows(0, 12), "What a subtask writes needs names of its own, such as with the number of the subtask.");
        return true;
    }

    private async Task<bool> NothingIsPreparedOfNothingAsync()
    {
        var process = await place.StartAsync();
        process.Writer(0);
        await process.CommitAsync(1, await process.PrepareAsync(0, 1));
        await place.ExpectAsync([], "A checkpoint without rows shows none.");
        await process.CommitAsync(2, await process.WriteAndPrepareAsync(2, Rows(0, 3)));
        await place.ExpectAsync(Rows(0, 3), "A checkpoint without rows must not keep the next one from being written.");
        return true;
    }

    private async Task<bool> RestartsTakeBackAsync()
    {
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.CommitAsync(1, prepared);
        await process.WriteAndPrepareAsync(2, Rows(3, 3));
        process.Write(0, 3, Rows(6, 3));
        await process.DisposeAsync();
        var restarted = await place.StartAsync(1, prepared);
        await place.ExpectAsync(
            Rows(0, 3),
            "RevokeAfterAsync must take back what was prepared and written since the restored checkpoint: the job brings these rows "
            + "again.");
        await place.ExpectNothingHiddenAsync("RevokeAfterAsync must remove temporary output, also that of writers that are no more.");
        await restarted.CommitAsync(2, await restarted.WriteAndPrepareAsync(2, Rows(4, 4)));
        await place.ExpectAsync(
            Rows(0, 3).Concat(Rows(4, 4)).ToList(),
            "What an earlier attempt has left of the same checkpoint must not come in.");
        return true;
    }

    private async Task<bool> WritersCanBeClosedAsync()
    {
        var process = await place.StartAsync();
        process.Write(0, 1, Rows(0, 3));
        process.Writer(1);
        await process.CloseAsync();
        await process.CloseAsync();
        await process.DisposeAsync();
        await place.ExpectAsync([], "Closing a writer must not make its rows visible: their checkpoint was not committed.");
        var restarted = await place.StartAsync();
        await place.ExpectNothingHiddenAsync("What a writer leaves that is closed in the middle must be gone behind the next start.");
        await restarted.CommitAsync(1, await restarted.WriteAndPrepareAsync(1, Rows(3, 3)));
        await place.ExpectAsync(Rows(3, 3), "What a writer leaves that is closed in the middle must not come in.");
        return true;
    }

    private List<T> Rows(int from, int count) => [.. _rows.Skip(from).Take(count)];
}
