namespace Penstock.Testing;

/// <summary>The checks of a committer, for one place.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class CommitterChecks<T>(SinkPlace<T> place)
{
    private readonly IReadOnlyList<T> _rows = place.Rows;

    public static IReadOnlyList<(string Name, Func<CommitterChecks<T>, Task<bool>> Check)> All { get; } =
    [
        ("The newest visible checkpoint is known", static checks => checks.LastCommittedIsKnownAsync()),
        ("A cancelled commit can be repeated", static checks => checks.CommitsCanBeGivenUpAsync()),
        ("Visible output is taken back where it can be", static checks => checks.OutputIsTakenBackAsync()),
        ("Taking back may come again", static checks => checks.TakingBackCanComeAgainAsync()),
        ("The place has one name", static checks => checks.PlacesHaveOneNameAsync()),
        ("A place that is taken is refused to another job", static checks => checks.TakenPlacesAreRefusedAsync()),
        ("Output belongs to its job, even after a crash", static checks => checks.OutputBelongsToItsJobAsync()),
        ("A finished job keeps its output and recognizes it", static checks => checks.FinishedJobsLeaveTheirOutputAsync()),
        ("A committer can be interrupted and closed, and twice", static checks => checks.CommittersCanBeClosedAsync()),
    ];

    private async Task<bool> LastCommittedIsKnownAsync()
    {
        var process = await place.StartAsync();
        ExpectLast(await process.LastCommittedAsync(), 0);
        await process.CommitAsync(3, await process.WriteAndPrepareAsync(3, Rows(0, 3)));
        await process.CommitAsync(4, await process.WriteAndPrepareAsync(4, Rows(3, 3)));
        await process.DisposeAsync();
        var next = place.Create();
        await next.ClaimAsync(SinkPlace<T>.Job, isKnown: true);
        ExpectLast(await next.LastCommittedAsync(), 4);
        return true;
    }

    private async Task<bool> CommitsCanBeGivenUpAsync()
    {
        const string remedy = "A commit that is cancelled may be done in part; the next call for the same checkpoint finishes it.";
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        place.Run.Begin("commits checkpoint 1, cancelled from the start");
        try
        {
            await process.Committer.CommitAsync(1, [prepared], new CancellationToken(canceled: true));
        }
        catch (Exception error) when (error is not ConformanceException)
        {
            // Any exception ends the attempt.
        }

        await process.DisposeAsync();
        await place.StartAsync(1, prepared);
        await place.ExpectAsync(Rows(0, 3), remedy);
        return true;
    }

    private async Task<bool> OutputIsTakenBackAsync()
    {
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.CommitAsync(1, prepared);
        var last = await process.WriteAndPrepareAsync(2, Rows(3, 3));
        await process.CommitAsync(2, last);
        await process.DisposeAsync();
        place.Run.Begin("says whether it can take back output");
        if (place.Create().Committer.CanRevoke)
        {
            await place.StartAsync(1, prepared);
            await place.ExpectAsync(
                Rows(0, 3),
                "Where CanRevoke is true, RevokeAfterAsync must remove the visible output of later checkpoints, and no other.");
        }
        else
        {
            await place.StartAsync(2, last);
            await place.ExpectAsync(Rows(0, 6), "Where CanRevoke is false, RevokeAfterAsync must leave what is visible.");
        }

        return true;
    }

    private async Task<bool> TakingBackCanComeAgainAsync()
    {
        const string remedy = "A start that has failed is followed by another one, which takes back the same.";
        var process = await place.StartAsync();
        await process.RevokeAfterAsync(0);
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.CommitAsync(1, prepared);
        await process.WriteAndPrepareAsync(2, Rows(3, 3));
        await process.DisposeAsync();
        var next = await place.StartAsync(1, prepared);
        await next.RevokeAfterAsync(1);
        await place.ExpectAsync(Rows(0, 3), remedy);
        return true;
    }

    private async Task<bool> PlacesHaveOneNameAsync()
    {
        var process = place.Create();
        place.Run.Begin("names its place");
        var name = process.Committer.Place;
        if (name == null)
        {
            return false;
        }

        var other = place.Create().Committer.Place;
        await process.ClaimAsync(SinkPlace<T>.Job, isKnown: false);
        place.Run.Begin("names its place");
        return name.Length > 0 && name == other && name == process.Committer.Place ? true : throw place.Run.Broken(
            $"it says '{name}', of another committer '{other}', and when it is taken '{process.Committer.Place}'.",
            "Say the same of the same place, such as a full path: sinks that are in each other's way are found by it.");
    }

    private async Task<bool> TakenPlacesAreRefusedAsync()
    {
        var process = await place.StartAsync();
        if (process.Committer.Place == null || place.AcceptsSeveralJobs)
        {
            return false;
        }

        await process.CommitAsync(1, await process.WriteAndPrepareAsync(1, Rows(0, 3)));
        await ExpectRefusalAsync("ClaimAsync must throw a PipelineException while another job has the place.");
        await process.CommitAsync(2, await process.WriteAndPrepareAsync(2, Rows(3, 3)));
        await place.ExpectAsync(Rows(0, 6), "A job that is refused must leave everything as it is.");
        return true;
    }

    private async Task<bool> OutputBelongsToItsJobAsync()
    {
        var process = await place.StartAsync();
        if (process.Committer.Place == null || place.AcceptsSeveralJobs)
        {
            return false;
        }

        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.CommitAsync(1, prepared);
        await process.DisposeAsync();
        await ExpectRefusalAsync(
            "A place with output belongs to the job that wrote it until ReleaseAsync: another one would take its output back.");
        await place.StartAsync(1, prepared);
        await place.ExpectAsync(Rows(0, 3), "The job itself goes on with its output.");
        return true;
    }

    private async Task<bool> FinishedJobsLeaveTheirOutputAsync()
    {
        const string remedy = "ReleaseAsync ends the claim, and leaves the output; the job still knows it when it is started again.";
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        await process.CommitAsync(1, prepared);
        place.Run.Begin("leaves its place");
        await process.Committer.ReleaseAsync();
        await process.DisposeAsync();
        await place.ExpectAsync(Rows(0, 3), remedy);
        await place.ExpectNothingHiddenAsync("ReleaseAsync must leave nothing but the output.");
        await place.StartAsync(1, prepared);
        await place.ExpectAsync(Rows(0, 3), remedy);
        return true;
    }

    private async Task<bool> CommittersCanBeClosedAsync()
    {
        var process = await place.StartAsync();
        var prepared = await process.WriteAndPrepareAsync(1, Rows(0, 3));
        place.Run.Begin("is interrupted, and closed twice");
        process.Committer.Interrupt();
        process.Committer.Dispose();
        process.Committer.Dispose();
        await process.DisposeAsync();
        await place.StartAsync(1, prepared);
        await place.ExpectAsync(
            Rows(0, 3),
            "What is not committed when a committer is interrupted or closed is committed by the next start.");
        return true;
    }

    private async Task ExpectRefusalAsync(string remedy)
    {
        await using var other = place.Create();
        try
        {
            await other.ClaimAsync(SinkPlace<T>.OtherJob, isKnown: false);
        }
        catch (PipelineException)
        {
            return;
        }

        throw place.Run.Broken("it has taken a place that is another job's.", remedy);
    }

    private void ExpectLast(long? found, long expected)
    {
        if (found != null && found != expected)
        {
            throw place.Run.Broken(
                $"it says {found}, and output is visible up to checkpoint {expected}.",
                "Say the newest checkpoint of which output is visible, 0 for none, or null where that cannot be told.");
        }
    }

    private List<T> Rows(int from, int count) => [.. _rows.Skip(from).Take(count)];
}
