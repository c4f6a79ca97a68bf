using System.Text;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sinks.Files;

/// <summary>Prepared or committed parts of a checkpoint that are missing or changed: no job resumes with them.</summary>
public sealed class LostPartTests
{
    private readonly SimulatedFiles _files = new();

    [Fact]
    public async Task A_part_that_somebody_deleted_or_changed_is_an_error()
    {
        var sink = TextSink.Of(_files, "/out/names.csv");
        using var writer = sink.OpenWriter(0);
        TextSink.Write(writer, 1, "a");
        var prepared = await writer.PrepareAsync(1);
        SourceReading.Add(_files, "/out/.names-0000000001-00000-00000.csv.tmp", [1]);
        Assert.Contains("has 1 bytes", (await CommitError(1)).Message, StringComparison.Ordinal);
        _files.Delete("/out/.names-0000000001-00000-00000.csv.tmp");
        Assert.Contains(
            "1 of the 1 part files of checkpoint 1, from which the job resumes, are missing in '/out'",
            (await CommitError(1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("not of this sink", (await CommitError(0)).Message, StringComparison.Ordinal);

        async Task<PipelineException> CommitError(long checkpoint) =>
            await Assert.ThrowsAsync<PipelineException>(async () => await sink
                .CreateCommitter()
                .CommitAsync(checkpoint, [prepared], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Parts_that_a_consumer_has_moved_are_named_and_nothing_is_touched()
    {
        var sink = TextSink.Of(_files, "/out/names.csv", rollSize: 7);
        using var writer = sink.OpenWriter(0);
        TextSink.Write(writer, 1, [.. Enumerable.Repeat("a", 14)]);
        var prepared = await writer.PrepareAsync(1);
        _files.Rename("/out/.names-0000000001-00000-00000.csv.tmp", "/out/names-0000000001-00000-00000.csv");
        for (var part = 2; part < 14; part++)
        {
            _files.Delete($"/out/.names-0000000001-00000-{part:D5}.csv.tmp");
        }

        var before = _files.Files;
        var error = await Assert.ThrowsAsync<PipelineException>(async () => await sink
            .CreateCommitter()
            .CommitAsync(1, [prepared], TestContext.Current.CancellationToken));
        Assert.Contains(
            "12 of the 14 part files of checkpoint 1, from which the job resumes, are missing in '/out', neither visible nor hidden: 'names-0000000001-00000-00002.csv', ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'names-0000000001-00000-00011.csv' and 2 more. Was the path of the sink changed?",
            error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("older checkpoint", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _files.Files);
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 12)]
    [InlineData(true, 0)]
    [InlineData(false, 4)]
    public async Task A_part_that_has_another_length_is_refused_visible_or_hidden_and_nothing_is_touched(bool isVisible, int length)
    {
        var sink = TextSink.Of(_files, "/out/names.csv", rollSize: 7);
        using var writer = sink.OpenWriter(0);
        TextSink.Write(writer, 1, "a", "b", "c");
        var prepared = await writer.PrepareAsync(1);
        if (isVisible)
        {
            await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
        }

        var path = isVisible ? "/out/names-0000000001-00000-00001.csv" : "/out/.names-0000000001-00000-00001.csv.tmp";
        Assert.Equal("text\nb\n", Text(path));
        SourceReading.Add(_files, path, [.. Encoding.UTF8.GetBytes("text\nb\nc\nd\n").Take(length)]);
        var before = _files.Files;
        var error = await Assert.ThrowsAsync<PipelineException>(async () => await sink
            .CreateCommitter()
            .CommitAsync(1, [prepared], TestContext.Current.CancellationToken));
        Assert.Contains(
            $"'{path}' has {Math.Min(length, 11)} bytes, but checkpoint 1, from which the job resumes, was taken when it had 7.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Put the file back as it was, or start over", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _files.Files);
    }

    private string Text(string path) => Encoding.UTF8.GetString(_files.ReadAllBytes(path));
}
