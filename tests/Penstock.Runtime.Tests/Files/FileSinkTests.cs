using System.Text;
using CsCheck;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sinks;
using Penstock.Sinks.Files;
using Penstock.Sources;
using Penstock.Sources.Files;
using Penstock.Streams;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Files;

public sealed class FileSinkTests
{
    private readonly SimulatedFiles _files = new();

    [Fact]
    public async Task Rows_are_visible_when_their_checkpoint_is_committed_and_not_before()
    {
        var sink = Sink("/out/deep/names.csv");
        using var writer = sink.OpenWriter(2);
        Write(writer, 7, "a", "b");
        var prepared = await writer.PrepareAsync(7);
        Write(writer, 8, "c");
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
        Write(writer, 1, "a", "b", "c", "d", "e");
        var first = await writer.PrepareAsync(1);
        Write(writer, 2, "f");
        await sink.CreateCommitter().CommitAsync(1, [first], TestContext.Current.CancellationToken);
        await sink.CreateCommitter().CommitAsync(2, [await writer.PrepareAsync(2)], TestContext.Current.CancellationToken);
        Assert.Equal(
            ["/out/names-0000000001-00000-00000.jsonl", "/out/names-0000000001-00000-00001.jsonl", "/out/names-0000000002-00000-00000.jsonl"],
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
                Write(writer, 1, "a", "b", "c");
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
            Assert.Equal(["/out/names-0000000001-00000-00000.csv", "/out/names-0000000001-00000-00001.csv", "/out/names-0000000001-00000-00002.csv"], files.Files);
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
            Write(writer, 1, "a");
            prepared = await writer.PrepareAsync(1);
            Write(writer, 2, "b");
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
            "/out/.delays-0-0000000009-0.csv", "/out/.delays-0-0000000009-0.csv.bak", "/out/.delays-late-0-0000000009-0.csv.tmp", "/out/.delays-x.csv.tmp",
            "/out/delays-0-0000000005-0.csv", "/out/delays-0-0000000006-0.jsonl", "/out/delays-0-0000000006-x.csv", "/out/delays-0-6-0.csv", "/out/delays-00-0000000006-0.csv",
            "/out/delays-1-0-0000000006-0.csv", "/out/delays-late-0-0000000006-0.csv", "/out/delays.csv", "/out/mydelays-0-0000000006-0.csv",
            "/out/delays-0000000005-00000-00000.csv", "/out/delays-000000006-00000-00000.csv", "/out/delays-0000000006-0-0.csv", "/out/delays-0000000006-000000-00000.csv", "/out/delays-late-0000000006-00000-00000.csv",
        ];
        foreach (var path in kept.Concat(["/out/.delays-0-0000000004-0.csv.tmp", "/out/delays-0-0000000006-0.csv", "/out/delays-12-12345678901-3.csv", "/out/.delays-0000000004-00000-00000.csv.tmp", "/out/delays-0000000006-00000-00000.csv", "/out/delays-12345678902-00012-00003.csv"]))
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

    // What the coordinator has given up may go on for as long as it likes.
    [Fact]
    public async Task A_node_that_lingers_changes_nothing_of_what_its_successor_writes()
    {
        using var lingering = Sink("/out/names.csv", writer: 11).OpenWriter(1);
        using var successor = Sink("/out/names.csv", writer: 12).OpenWriter(1);
        using var first = Sink("/out/names.csv").OpenWriter(0);
        Write(successor, 3, "c");
        Write(lingering, 3, "a", "b");
        Write(first, 3, "f");
        byte[][] prepared = [await first.PrepareAsync(3), await successor.PrepareAsync(3)];
        Write(lingering, 3, "d");
        var late = await lingering.PrepareAsync(3);
        await Sink("/out/names.csv").CreateCommitter().CommitAsync(3, prepared, TestContext.Current.CancellationToken);
        Write(lingering, 4, "e");
        Assert.NotEmpty(late);
        Assert.Equal("text\nc\n", Text("/out/names-0000000003-00001-00000.csv"));
        Assert.Equal("text\nf\n", Text("/out/names-0000000003-00000-00000.csv"));
        Assert.Equal(
            ["/out/..11.names-0000000003-00001-00000.csv.tmp", "/out/..11.names-0000000004-00001-00000.csv.tmp", "/out/names-0000000003-00000-00000.csv", "/out/names-0000000003-00001-00000.csv"],
            _files.Files);

        // A commit that is not known to have ended is done once more, also where nothing of it had happened.
        await Sink("/out/names.csv").CreateCommitter().CommitAsync(3, prepared, TestContext.Current.CancellationToken);
        await Sink("/out/names.csv").CreateCommitter().RevokeAfterAsync(3);
        Assert.Equal(["/out/names-0000000003-00000-00000.csv", "/out/names-0000000003-00001-00000.csv"], _files.Files);
    }

    [Fact]
    public async Task What_nodes_have_left_behind_is_deleted_and_nothing_else_in_the_folder()
    {
        string[] kept =
        [
            "/out/..11.others-0000000004-00000-00000.csv.tmp", "/out/..11.names-0000000004-00000-00000.csv", "/out/..11.names-0000000004-00000-00000.json.tmp", "/out/..11.names-late-0000000004-00000-00000.csv.tmp",
            "/out/..011.names-0000000004-00000-00000.csv.tmp", "/out/..0.names-0000000004-00000-00000.csv.tmp", "/out/..x.names-0000000004-00000-00000.csv.tmp", "/out/...names-0000000004-00000-00000.csv.tmp",
            "/out/..11names-0000000004-00000-00000.csv.tmp", "/out/..-1.names-0000000004-00000-00000.csv.tmp", "/out/..99999999999.names-0000000004-00000-00000.csv.tmp", "/out/..tmp", "/out/..11.tmp",
        ];
        _files.CreateDirectory("/out");
        foreach (var path in kept.Concat(["/out/..11.names-0000000004-00000-00000.csv.tmp", "/out/..2147483647.names-0000000004-00000-00000.csv.tmp", "/out/..7.names-0000000099-00002-00001.csv.tmp", "/out/.names-0000000004-00000-00000.csv.tmp"]))
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
        List<string> written = [.. from checkpoint in checkpoints from subtask in subtasks from sequence in sequences select names.Visible(subtask, checkpoint, sequence)];
        Assert.Equal(written, written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_part_that_somebody_deleted_or_changed_is_an_error()
    {
        var sink = Sink("/out/names.csv");
        using var writer = sink.OpenWriter(0);
        Write(writer, 1, "a");
        var prepared = await writer.PrepareAsync(1);
        SourceReading.Add(_files, "/out/.names-0000000001-00000-00000.csv.tmp", [1]);
        Assert.Contains("has 1 bytes", (await CommitError(1)).Message, StringComparison.Ordinal);
        _files.Delete("/out/.names-0000000001-00000-00000.csv.tmp");
        Assert.Contains("Of the 1 part files of checkpoint 1, from which the job goes on, 1 are not in '/out'", (await CommitError(1)).Message, StringComparison.Ordinal);
        Assert.Contains("not of this sink", (await CommitError(0)).Message, StringComparison.Ordinal);

        async Task<PipelineException> CommitError(long checkpoint) =>
            await Assert.ThrowsAsync<PipelineException>(async () => await sink.CreateCommitter().CommitAsync(checkpoint, [prepared], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Parts_that_a_consumer_has_moved_are_named_and_nothing_is_touched()
    {
        var sink = Sink("/out/names.csv", rollSize: 7);
        using var writer = sink.OpenWriter(0);
        Write(writer, 1, [.. Enumerable.Repeat("a", 14)]);
        var prepared = await writer.PrepareAsync(1);
        _files.Rename("/out/.names-0000000001-00000-00000.csv.tmp", "/out/names-0000000001-00000-00000.csv");
        for (var part = 2; part < 14; part++)
        {
            _files.Delete($"/out/.names-0000000001-00000-{part:D5}.csv.tmp");
        }

        var before = _files.Files;
        var error = await Assert.ThrowsAsync<PipelineException>(async () => await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken));
        Assert.Contains("12 are not in '/out', neither visible nor hidden: 'names-0000000001-00000-00002.csv', ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'names-0000000001-00000-00011.csv' and 2 more. Was the path of the sink changed?", error.Message, StringComparison.Ordinal);
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
        var sink = Sink("/out/names.csv", rollSize: 7);
        using var writer = sink.OpenWriter(0);
        Write(writer, 1, "a", "b", "c");
        var prepared = await writer.PrepareAsync(1);
        if (isVisible)
        {
            await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
        }

        var path = isVisible ? "/out/names-0000000001-00000-00001.csv" : "/out/.names-0000000001-00000-00001.csv.tmp";
        Assert.Equal("text\nb\n", Text(path));
        SourceReading.Add(_files, path, [.. Encoding.UTF8.GetBytes("text\nb\nc\nd\n").Take(length)]);
        var before = _files.Files;
        var error = await Assert.ThrowsAsync<PipelineException>(async () => await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken));
        Assert.Contains($"'{path}' has {Math.Min(length, 11)} bytes, but checkpoint 1, from which the job goes on, was taken when it had 7.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Put the file back as it was, or start over", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _files.Files);
    }

    [Theory]
    [InlineData("csv", 1 << 20)]
    [InlineData("csv", 5_000)]
    [InlineData("jsonl", 20_000)]
    public async Task Compressed_parts_are_complete_gzip_members_that_our_own_reader_reads(string format, long rollSize)
    {
        string?[] texts = [.. Enumerable.Range(0, 20_000).Select(index => index % 7 == 3 ? $"a \"{index}\",\nb" : $"row {index} {index * 7919L * 104_729 % 1_000_000_007}")];
        var sink = Sink($"/out/names.{format}.gz", rollSize, json: format == "jsonl");
        using var writer = sink.OpenWriter(1);
        Write(writer, 3, texts[..12_000]);
        var first = await writer.PrepareAsync(3);
        Write(writer, 4, texts[12_000..]);
        Assert.All(_files.Files, path => Assert.Matches(@"/out/\.names-\d{10}-00001-\d{5}\." + format + @"\.gz\.tmp", path));
        await sink.CreateCommitter().CommitAsync(3, [first], TestContext.Current.CancellationToken);
        await sink.CreateCommitter().CommitAsync(4, [await writer.PrepareAsync(4)], TestContext.Current.CancellationToken);
        _files.CutPower();

        var parts = _files.Files.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(rollSize < 1 << 20, parts.Count > 2);
        var read = new List<string?>();
        foreach (var part in parts)
        {
            // Decompressed by .NET alone, with a header in each part of CSV.
            var content = Decompressed(part);
            read.AddRange((format == "csv" ? SourceReading.ReadCsv<OneText, Codecs.OneTextCsvReader>(content) : SourceReading.ReadJson<OneText, Codecs.OneTextJsonReader>(content)).Select(row => row.Text));
        }

        Assert.Equal(texts, read);

        // And by our own reader, from the compressed files.
        ISource<OneText> source = format == "csv"
            ? new CsvFileSource<OneText, Codecs.OneTextCsvReader>(SourceReading.Options(_files, "/out"))
            : new JsonLinesFileSource<OneText, Codecs.OneTextJsonReader>(SourceReading.Options(_files, "/out"));
        Assert.Equal(texts.Order(StringComparer.Ordinal), SourceReading.ReadAll(source).Select(row => row.Text).Order(StringComparer.Ordinal));
        Assert.Equal(4, await sink.CreateCommitter().LastCommittedAsync());

        // The same rows make the same bytes.
        var again = new SimulatedFiles();
        var other = Sink($"/out/names.{format}.gz", rollSize, json: format == "jsonl", again);
        using var otherWriter = other.OpenWriter(1);
        Write(otherWriter, 3, texts[..12_000]);
        await other.CreateCommitter().CommitAsync(3, [await otherWriter.PrepareAsync(3)], TestContext.Current.CancellationToken);
        Assert.All(again.Files, path => Assert.Equal(_files.ReadAllBytes(path), again.ReadAllBytes(path)));
    }

    [Fact]
    public async Task Compressed_parts_of_checkpoints_that_are_not_restored_are_taken_back()
    {
        var sink = Sink("/out/names.csv.gz");
        using (var writer = sink.OpenWriter(0))
        {
            Write(writer, 1, "a");
            await sink.CreateCommitter().CommitAsync(1, [await writer.PrepareAsync(1)], TestContext.Current.CancellationToken);
            Write(writer, 2, "b");
            await sink.CreateCommitter().CommitAsync(2, [await writer.PrepareAsync(2)], TestContext.Current.CancellationToken);
            Write(writer, 3, "c");
        }

        // The third was cut off while it was written.
        await sink.CreateCommitter().RevokeAfterAsync(1);
        Assert.Equal(["/out/names-0000000001-00000-00000.csv.gz"], _files.Files);
        Assert.Equal("text\na\n", Decompressed("/out/names-0000000001-00000-00000.csv.gz"));
    }

    [Fact]
    public void A_path_that_cannot_be_is_refused()
    {
        Assert.Throws<PipelineException>(() => Sink("/out/"));
        Assert.Throws<PipelineException>(() => Sink("/out/a.csv", rollSize: 0));
    }

    [Fact]
    public void Rows_of_all_sizes_come_out_as_they_were_written() =>
        Gen.Select(Gen.OneOf(CsvOracle.TextOrNull, Gen.Int[0, 300_000].Select(length => (string?)new string('x', length))).Array[0, 10].Array[1, 4], Gen.OneOf(1L, 200_000, 1_000_000)).Sample(
            (epochs, rollSize) =>
            {
                var files = new SimulatedFiles();
                var sink = Sink("/out/names.jsonl", rollSize, json: true, files);
                using var writer = sink.OpenWriter(0);
                for (var i = 0; i < epochs.Length; i++)
                {
                    Write(writer, i + 1, epochs[i]);
                    sink.CreateCommitter().CommitAsync(i + 1, [writer.PrepareAsync(i + 1).AsTask().Result], TestContext.Current.CancellationToken).AsTask().Wait();
                }

                files.CutPower();
                var texts = files.Files.Order(StringComparer.Ordinal)
                    .SelectMany(path => SourceReading.ReadJson<OneText, Codecs.OneTextJsonReader>(Encoding.UTF8.GetString(files.ReadAllBytes(path))));
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
            var sink = new FileSink<OneText, Codecs.OneTextCsvWriter>(new FileSinkOptions(new FileSinkSettings(path), Penstock.Files.LocalFileSystem.Instance));
            using var writer = sink.OpenWriter(0);
            Write(writer, 1, "a");
            var prepared = await writer.PrepareAsync(1);
            Write(writer, 2, "b");
            await sink.CreateCommitter().CommitAsync(1, [prepared], TestContext.Current.CancellationToken);
            await sink.CreateCommitter().RevokeAfterAsync(1);
            Assert.Equal(["names-0000000001-00000-00000.csv"], Directory.GetFiles(Path.Combine(folder.FullName, "new")).Select(Path.GetFileName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(ISinkWriter<OneText> writer, long checkpoint, params string?[] texts)
    {
        var batch = new BatchPool<OneText>(Math.Max(1, texts.Length)).Rent();
        foreach (var text in texts)
        {
            batch.Add(new OneText(text), 0);
        }

        writer.Write(batch, checkpoint);
    }

    private ISink<OneText> Sink(string path, long rollSize = 1 << 20, bool json = false, SimulatedFiles? files = null, int writer = 0)
    {
        var options = new FileSinkOptions(new FileSinkSettings(path, rollSize), files ?? _files) { Writer = writer };
        return json ? new FileSink<OneText, Codecs.OneTextJsonWriter>(options) : new FileSink<OneText, Codecs.OneTextCsvWriter>(options);
    }

    private string Decompressed(string path)
    {
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(_files.ReadAllBytes(path)), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private string Text(string path) => Encoding.UTF8.GetString(_files.ReadAllBytes(path));
}
