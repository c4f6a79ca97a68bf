using System.Text;
using CsCheck;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Formats.Csv;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sinks.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sinks.Files;

public sealed class FileSinkTests
{
    private readonly SimulatedFiles _files = new();

    [Fact]
    public async Task Rows_are_visible_when_their_checkpoint_is_committed_and_not_before()
    {
        var sink = Sink("/out/deep/names.csv");
        using var writer = sink.OpenWriter(2);
        TextSink.Write(writer, 7, "a", "b");
        var prepared = await writer.PrepareAsync(7);
        TextSink.Write(writer, 8, "c");
        Assert.Equal(["/out/deep/.names-0000000007-00002-00000.csv.tmp", "/out/deep/.names-0000000008-00002-00000.csv.tmp"], _files.Files);
        var committer = sink.CreateCommitter();
        Assert.Equal(0, await committer.LastCommittedAsync());
        await committer.CommitAsync(7, [prepared], TestContext.Current.CancellationToken);
        Assert.Equal("text\na\nb\n", Text("/out/deep/names-0000000007-00002-00000.csv"));
        Assert.Equal(7, await committer.LastCommittedAsync());
        await committer.CommitAsync(8, [await writer.PrepareAsync(8)], TestContext.Current.CancellationToken);
        Assert.Equal(["/out/deep/names-0000000007-00002-00000.csv", "/out/deep/names-0000000008-00002-00000.csv"], _files.Files);
    }

    [Fact]
    public async Task A_checkpoint_without_rows_writes_nothing()
    {
        var sink = Sink("/out/names.csv");
        using var writer = sink.OpenWriter(0);
        var prepared = await writer.PrepareAsync(1);
        Assert.Empty(prepared);
        await sink.CreateCommitter().CommitAsync(1, [prepared, prepared], TestContext.Current.CancellationToken);
        Assert.Empty(_files.Files);
        Assert.False(_files.DirectoryExists("/out"));
    }

    [Fact]
    public async Task Parts_roll_by_size_and_their_sequence_begins_anew_with_each_checkpoint()
    {
        var sink = Sink("/out/names.jsonl", rollSize: 30, json: true);
        using var writer = sink.OpenWriter(0);
        TextSink.Write(writer, 1, "a", "b", "c", "d", "e");
        var first = await writer.PrepareAsync(1);
        TextSink.Write(writer, 2, "f");
        await sink.CreateCommitter().CommitAsync(1, [first], TestContext.Current.CancellationToken);
        await sink.CreateCommitter().CommitAsync(2, [await writer.PrepareAsync(2)], TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "/out/names-0000000001-00000-00000.jsonl",
                "/out/names-0000000001-00000-00001.jsonl",
                "/out/names-0000000002-00000-00000.jsonl"
            ],
            _files.Files);
        Assert.Equal("{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n", Text("/out/names-0000000001-00000-00000.jsonl"));
        Assert.Equal("{\"text\":\"d\"}\n{\"text\":\"e\"}\n", Text("/out/names-0000000001-00000-00001.jsonl"));
    }

    [Fact]
    public async Task A_commit_can_be_repeated_and_finished_after_a_crash_at_any_call()
    {
        for (var calls = 0; ; calls++)
        {
            var files = new SimulatedFiles();
            var sink = Sink("/out/names.csv", rollSize: 7, files: files);
            byte[] prepared;
            using (var writer = sink.OpenWriter(0))
            {
                TextSink.Write(writer, 1, "a", "b", "c");
                prepared = await writer.PrepareAsync(1);
            }

            var left = calls;
            files.Before = (_, _) =>
            {
                if (left-- == 0)
                {
                    files.Before = null;
                    files.CutPower();
                    throw new IOException("The power was cut.");
                }
            };
            var isCrashed = false;
            try
            {
                await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                isCrashed = true;
            }

            files.Before = null;
            await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
            await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
            files.CutPower();
            Assert.Equal(
                ["/out/names-0000000001-00000-00000.csv", "/out/names-0000000001-00000-00001.csv", "/out/names-0000000001-00000-00002.csv"],
                files.Files);
            Assert.Equal("text\na\n", Encoding.UTF8.GetString(files.ReadAllBytes("/out/names-0000000001-00000-00000.csv")));
            if (!isCrashed)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task What_was_prepared_survives_a_power_cut_and_what_was_not_is_taken_away()
    {
        var sink = Sink("/out/names.csv");
        byte[] prepared;
        using (var writer = sink.OpenWriter(0))
        {
            TextSink.Write(writer, 1, "a");
            prepared = await writer.PrepareAsync(1);
            TextSink.Write(writer, 2, "b");
        }

        _files.CutPower();
        var committer = sink.CreateCommitter();
        await committer.CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
        await committer.RevokeAfterAsync(1);
        _files.CutPower();
        Assert.Equal(["/out/names-0000000001-00000-00000.csv"], _files.Files);
        Assert.Equal("text\na\n", Text("/out/names-0000000001-00000-00000.csv"));
    }

    [Fact]
    public async Task Revoking_takes_back_later_parts_and_temporary_files_of_this_sink_only()
    {
        _files.CreateDirectory("/out");
        string[] kept =
        [
            "/out/.delays-0-0000000009-0.csv", "/out/.delays-0-0000000009-0.csv.bak", "/out/.delays-late-0-0000000009-0.csv.tmp",
            "/out/.delays-x.csv.tmp",
            "/out/delays-0-0000000005-0.csv", "/out/delays-0-0000000006-0.jsonl", "/out/delays-0-0000000006-x.csv", "/out/delays-0-6-0.csv",
            "/out/delays-00-0000000006-0.csv",
            "/out/delays-1-0-0000000006-0.csv", "/out/delays-late-0-0000000006-0.csv", "/out/delays.csv",
            "/out/mydelays-0-0000000006-0.csv",
            "/out/delays-0000000005-00000-00000.csv", "/out/delays-000000006-00000-00000.csv", "/out/delays-0000000006-0-0.csv",
            "/out/delays-0000000006-000000-00000.csv", "/out/delays-late-0000000006-00000-00000.csv",
        ];
        foreach (var path in kept.Concat([
            "/out/.delays-0-0000000004-0.csv.tmp",
            "/out/delays-0-0000000006-0.csv",
            "/out/delays-12-12345678901-3.csv",
            "/out/.delays-0000000004-00000-00000.csv.tmp",
            "/out/delays-0000000006-00000-00000.csv",
            "/out/delays-12345678902-00012-00003.csv"
        ]))
        {
            SourceReading.Add(_files, path, []);
        }

        var committer = Sink("/out/delays.csv").CreateCommitter();
        Assert.Equal(12345678902, await committer.LastCommittedAsync());
        await committer.RevokeAfterAsync(5);
        Assert.Equal(kept.Order(StringComparer.Ordinal), _files.Files);
        Assert.Equal(5, await committer.LastCommittedAsync());
        Assert.True(committer.CanRevoke);
    }

    // Operations that the coordinator has abandoned may continue for any time.
    [Fact]
    public async Task A_node_that_lingers_changes_nothing_of_what_its_successor_writes()
    {
        using var lingering = Sink("/out/names.csv", writer: 11).OpenWriter(1);
        using var successor = Sink("/out/names.csv", writer: 12).OpenWriter(1);
        using var first = Sink("/out/names.csv").OpenWriter(0);
        TextSink.Write(successor, 3, "c");
        TextSink.Write(lingering, 3, "a", "b");
        TextSink.Write(first, 3, "f");
        byte[][] prepared = [await first.PrepareAsync(3), await successor.PrepareAsync(3)];
        TextSink.Write(lingering, 3, "d");
        var late = await lingering.PrepareAsync(3);
        await Sink("/out/names.csv").CreateCommitter().CommitAsync(3, prepared, TestContext.Current.CancellationToken);
        TextSink.Write(lingering, 4, "e");
        Assert.NotEmpty(late);
        Assert.Equal("text\nc\n", Text("/out/names-0000000003-00001-00000.csv"));
        Assert.Equal("text\nf\n", Text("/out/names-0000000003-00000-00000.csv"));
        Assert.Equal(
            [
                "/out/..11.names-0000000003-00001-00000.csv.tmp",
                "/out/..11.names-0000000004-00001-00000.csv.tmp",
                "/out/names-0000000003-00000-00000.csv",
                "/out/names-0000000003-00001-00000.csv"
            ],
            _files.Files);

        // A commit that may not have ended is repeated, even if nothing of it has happened.
        await Sink("/out/names.csv").CreateCommitter().CommitAsync(3, prepared, TestContext.Current.CancellationToken);
        await Sink("/out/names.csv").CreateCommitter().RevokeAfterAsync(3);
        Assert.Equal(["/out/names-0000000003-00000-00000.csv", "/out/names-0000000003-00001-00000.csv"], _files.Files);
    }

    [Fact]
    public async Task What_nodes_have_left_behind_is_deleted_and_nothing_else_in_the_folder()
    {
        string[] kept =
        [
            "/out/..11.others-0000000004-00000-00000.csv.tmp", "/out/..11.names-0000000004-00000-00000.csv",
            "/out/..11.names-0000000004-00000-00000.json.tmp", "/out/..11.names-late-0000000004-00000-00000.csv.tmp",
            "/out/..011.names-0000000004-00000-00000.csv.tmp", "/out/..0.names-0000000004-00000-00000.csv.tmp",
            "/out/..x.names-0000000004-00000-00000.csv.tmp", "/out/...names-0000000004-00000-00000.csv.tmp",
            "/out/..11names-0000000004-00000-00000.csv.tmp", "/out/..-1.names-0000000004-00000-00000.csv.tmp",
            "/out/..99999999999.names-0000000004-00000-00000.csv.tmp", "/out/..tmp", "/out/..11.tmp",
        ];
        _files.CreateDirectory("/out");
        foreach (var path in kept.Concat([
            "/out/..11.names-0000000004-00000-00000.csv.tmp",
            "/out/..2147483647.names-0000000004-00000-00000.csv.tmp",
            "/out/..7.names-0000000099-00002-00001.csv.tmp",
            "/out/.names-0000000004-00000-00000.csv.tmp"
        ]))
        {
            SourceReading.Add(_files, path, []);
        }

        await Sink("/out/names.csv").CreateCommitter().RevokeAfterAsync(5);
        Assert.Equal(kept.Order(StringComparer.Ordinal), _files.Files);
    }

    [Fact]
    public void Names_of_parts_sort_in_the_order_in_which_each_subtask_writes_them()
    {
        var names = new PartNames("delays.csv");
        long[] checkpoints = [1, 9, 10, 99, 1_000_000_000, 9_999_999_999];
        int[] subtasks = [0, 9, 10, 32_767], sequences = [0, 9, 10, 99_999];
        List<string> written = [.. from checkpoint in checkpoints
            from subtask in subtasks
            from sequence in sequences
            select names.Visible(subtask, checkpoint, sequence)];
        Assert.Equal(written, written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_path_that_cannot_be_is_refused()
    {
        Assert.Throws<PipelineException>(() => Sink("/out/"));
        Assert.Throws<PipelineException>(() => Sink("/out/a.csv", rollSize: 0));
    }

    [Fact]
    public void Rows_of_all_sizes_come_out_as_they_were_written() =>
        Gen.Select(
            Gen.OneOf(
                CsvOracle.TextOrNull,
                Gen.Int[0, 300_000].Select(length => (string?)new string('x', length))).Array[0, 10].Array[1, 4],
            Gen.OneOf(1L, 200_000, 1_000_000)).Sample(
            (epochs, rollSize) =>
            {
                var files = new SimulatedFiles();
                var sink = Sink("/out/names.jsonl", rollSize, json: true, files);
                using var writer = sink.OpenWriter(0);
                for (var i = 0; i < epochs.Length; i++)
                {
                    TextSink.Write(writer, i + 1, epochs[i]);
                    sink.CreateCommitter()
                        .CommitAsync(i + 1, [writer.PrepareAsync(i + 1).AsTask().Result], TestContext.Current.CancellationToken)
                        .AsTask()
                        .Wait();
                }

                files.CutPower();
                var texts = files.Files.Order(StringComparer.Ordinal)
                    .SelectMany(path =>
                        SourceReading.ReadJson<OneText, Codecs.OneTextJsonReader>(Encoding.UTF8.GetString(files.ReadAllBytes(path))));
                Assert.Equal(epochs.SelectMany(epoch => epoch), texts.Select(row => row.Text));
            },
            iter: 60);

    [Fact]
    public async Task The_machine_s_files_work_the_same_with_a_relative_path()
    {
        var folder = Directory.CreateTempSubdirectory("penstock");
        try
        {
            var path = Path.GetRelativePath(".", Path.Combine(folder.FullName, "new", "names.csv"));
            var sink = new FileSink<OneText, Codecs.OneTextCsvWriter>(new FileSinkOptions(
                new FileSinkSettings(path),
                Penstock.Connectors.LocalFileSystem.Instance));
            using var writer = sink.OpenWriter(0);
            TextSink.Write(writer, 1, "a");
            var prepared = await writer.PrepareAsync(1);
            TextSink.Write(writer, 2, "b");
            await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
            await sink.CreateCommitter().RevokeAfterAsync(1);
            Assert.Equal(
                ["names-0000000001-00000-00000.csv"],
                Directory.GetFiles(Path.Combine(folder.FullName, "new")).Select(Path.GetFileName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private ISink<OneText> Sink(string path, long rollSize = 1 << 20, bool json = false, SimulatedFiles? files = null, int writer = 0) =>
        TextSink.Of(files ?? _files, path, rollSize, json, writer);

    private string Text(string path) => Encoding.UTF8.GetString(_files.ReadAllBytes(path));
}
