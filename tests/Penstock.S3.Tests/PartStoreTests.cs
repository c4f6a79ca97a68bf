using Penstock.Connectors;
using Penstock.Sinks.Files;

namespace Penstock.S3.Tests;

/// <summary>Part objects become visible with their checkpoint, and not before, and belong to one job.</summary>
public sealed class PartStoreTests
{
    private static readonly SinkOwner Ours = new("1", "Ours", "/checkpoints/ours");
    private static readonly SinkOwner Others = new("2", "Others", "/checkpoints/others");

    [Fact]
    public async Task Nothing_is_visible_before_it_is_committed_and_committing_twice_is_committing_once()
    {
        await using var server = await RowsTests.StartAsync();
        using var job = new CopyJob(server);
        using var store = Store(job);
        var small = await WriteAsync(store, "items-0-0000000001-0.csv", 10);
        var large = await WriteAsync(store, "items-0-0000000001-1.csv", (12 * 1024 * 1024) + 1);
        Assert.Empty(await job.KeysAsync("out/"));
        Assert.Equal(["items-0-0000000001-0.csv", "items-0-0000000001-1.csv"], store.ListHidden().Order());

        // In the form that the manifest stores.
        var prepared = PreparedParts.Read(PreparedParts.Write([small, large]));
        await store.CommitAsync(1, prepared, TestContext.Current.CancellationToken);
        await store.CommitAsync(1, prepared, TestContext.Current.CancellationToken);
        Assert.Equal(["out/items-0-0000000001-0.csv", "out/items-0-0000000001-1.csv"], await job.KeysAsync("out/"));
        Assert.Empty(await job.UploadsAsync());
        store.Delete(["items-0-0000000001-0.csv"], []);
        var error = await Assert.ThrowsAsync<PipelineException>(() => store
            .CommitAsync(1, prepared, TestContext.Current.CancellationToken)
            .AsTask());
        Assert.Contains("'out/items-0-0000000001-0.csv' of checkpoint 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    public async Task A_part_that_was_replaced_by_one_of_another_length_is_refused(int length)
    {
        await using var server = await RowsTests.StartAsync();
        using var job = new CopyJob(server);
        using var store = Store(job);
        var part = await WriteAsync(store, "items-0-0000000001-0.csv", 10);
        await store.CommitAsync(1, [part], TestContext.Current.CancellationToken);
        await job.PutAsync("out/items-0-0000000001-0.csv", [.. Enumerable.Repeat((byte)1, length)]);

        // As the next start does.
        using var next = Store(job);
        var error =
            await Assert.ThrowsAsync<PipelineException>(() => next.CommitAsync(1, [part], TestContext.Current.CancellationToken).AsTask());
        Assert.Contains(
            $"'out/items-0-0000000001-0.csv' in the S3 bucket 'rows' at {server.Endpoint} has {length} bytes",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not the one that checkpoint 1, from which the job resumes, was taken with, which has 10.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Put the object back as it was", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_is_given_up_leaves_nothing_behind()
    {
        await using var server = await RowsTests.StartAsync();
        using var job = new CopyJob(server);
        using var store = Store(job);
        using (var part = store.Create("items-0-0000000001-0.csv"))
        {
            part.Append(new byte[20 * 1024 * 1024]);
        }

        Assert.Empty(await job.UploadsAsync());
        Assert.Empty(await job.KeysAsync(""));
    }

    [Fact]
    public async Task A_start_takes_back_what_is_later_and_touches_nothing_of_others()
    {
        await using var server = await RowsTests.StartAsync();
        using var job = new CopyJob(server);
        string[] others = ["out/items-late-0-0000000009-0.csv", "out/below/items-0-0000000009-0.csv", "out/items-0-9-0.csv"];
        string[] put = [.. others, "out/items-0-0000000001-0.csv", "out/items-0-0000000002-0.csv"];
        foreach (var key in put)
        {
            await job.PutAsync(key, [1]);
        }

        string[] begun = [
            "out/items-late-0-0000000009-0.csv",
            "out/below/items-0-0000000009-0.csv",
            "out/items-3-0000000001-0.csv",
            "out/items-0-0000000007-1.csv"
        ];
        foreach (var key in begun)
        {
            await job.BeginUploadAsync(key);
        }

        using var committer = Committer(job);
        Assert.Equal(2, await committer.LastCommittedAsync());
        await committer.RevokeAfterAsync(1);
        string[] left = [.. others.Append("out/items-0-0000000001-0.csv").Order(StringComparer.Ordinal)];
        Assert.Equal(left, await job.KeysAsync("out/"));
        Assert.Equal(
            ["out/below/items-0-0000000009-0.csv", "out/items-late-0-0000000009-0.csv"],
            (await job.UploadsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_place_of_a_job_is_refused_to_another_and_its_former_process_cannot_commit()
    {
        await using var server = await RowsTests.StartAsync();
        using var job = new CopyJob(server);
        using var first = Committer(job);
        await first.ClaimAsync(Ours, isKnown: false);
        using var early = Committer(job);
        var tooEarly = await Assert.ThrowsAsync<PipelineException>(() => early.ClaimAsync(Others, isKnown: false).AsTask());
        Assert.Contains(
            "this place is that of another job, which may be running: of pipeline 'Ours'",
            tooEarly.Message,
            StringComparison.Ordinal);
        using var store = Store(job);
        var prepared = PreparedParts.Write([await WriteAsync(store, "items-0-0000000001-0.csv", 10)]);
        using var other = Committer(job);
        var refusal = await Assert.ThrowsAsync<PipelineException>(() => other.ClaimAsync(Others, isKnown: false).AsTask());
        Assert.Contains("of pipeline 'Ours' with the checkpoints in '/checkpoints/ours'", refusal.Message, StringComparison.Ordinal);

        using var second = Committer(job);
        await second.ClaimAsync(Ours, isKnown: true);
        var fenced = await Assert.ThrowsAsync<PipelineException>(() => first
            .CommitAsync(1, [prepared], TestContext.Current.CancellationToken)
            .AsTask());
        Assert.Contains("Another process has taken over 's3://rows/out/items.csv'", fenced.Message, StringComparison.Ordinal);
        Assert.Equal(["out/.items.csv.owner"], await job.KeysAsync("out/"));
        await second.CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
        await second.ReleaseAsync();
        Assert.Equal(["out/items-0-0000000001-0.csv"], await job.KeysAsync("out/"));
    }

    [Fact]
    public async Task Of_many_that_claim_a_place_at_once_one_has_it()
    {
        await using var server = await RowsTests.StartAsync();
        using var job = new CopyJob(server);
        var committers = Enumerable.Range(0, 8).Select(_ => Committer(job)).ToList();
        var claimed = await Task.WhenAll(committers.Select((committer, index) => Task.Run(async () =>
            await SucceedsAsync(() => committer.ClaimAsync(Ours with { Job = $"{index}" }, isKnown: false)) ? committer : null)));
        using var store = Store(job);
        var prepared = PreparedParts.Write([await WriteAsync(store, "items-0-0000000001-0.csv", 10)]);
        var committed = 0;
        foreach (var committer in claimed.OfType<FileSinkCommitter>())
        {
            committed += await SucceedsAsync(() => committer.CommitAsync(1, [prepared], TestContext.Current.CancellationToken)) ? 1 : 0;
        }

        Assert.Equal(1, committed);
    }

    private static async Task<bool> SucceedsAsync(Func<ValueTask> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (PipelineException)
        {
            return false;
        }
    }

    private static S3PartStore Store(CopyJob job) => new(S3Access.Of(job.Build<CopyObjects>().Services), "s3://rows/out/items.csv");

    private static FileSinkCommitter Committer(CopyJob job) => new(Store(job), new PartNames("items.csv"));

    private static async Task<PreparedPart> WriteAsync(S3PartStore store, string name, int length)
    {
        var part = store.Create(name);
        part.Append(new byte[length]);
        return new PreparedPart(name, length, await part.CloseAsync());
    }
}
