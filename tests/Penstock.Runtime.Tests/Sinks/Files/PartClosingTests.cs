using Penstock.Connectors;
using Penstock.Files;
using Penstock.Runtime.Tests.Files;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sinks.Files;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Sinks.Files;

/// <summary>
/// How part files are written to the disk: writing begins while rows are still added, and files are closed even after failures.
/// </summary>
public sealed class PartClosingTests : IDisposable
{
    private static readonly string Long = new('x', 10_000);

    private readonly MemoryFileSystem _files = new();
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private readonly ManualResetEventSlim _diskAnswers = new();
    private readonly TaskCompletionSource _diskIsAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _diskAnswers.Set();

    [Fact]
    public async Task A_part_goes_to_the_disk_while_rows_are_written_and_is_closed_behind_that()
    {
        using var writer = Sink("/out/names.csv", call =>
        {
            if (call == "BeginSync")
            {
                _diskIsAsked.TrySetResult();
                _diskAnswers.Wait();
            }
        }).OpenWriter(0);
        Write(writer, 150);
        await _diskIsAsked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        // A disk that does not respond for a while delays no row, and receives only one request.
        Write(writer, 500);
        var prepared = writer.PrepareAsync(1).AsTask();
        Assert.False(prepared.IsCompleted);
        lock (_gate)
        {
            Assert.Single(_calls, "BeginSync");
            Assert.DoesNotContain("Sync", _calls);
        }

        _diskAnswers.Set();
        Assert.NotEmpty(await prepared);
        Assert.Equal(["Sync", "Dispose"], _calls[^2..]);
        Assert.Equal(
            650 * (Long.Length + 1) + "text\n".Length,
            Assert.Single(_files.List("/out").Select(path => _files.ReadAll(path))).Length);
    }

    [Fact]
    public async Task A_small_part_is_synced_once()
    {
        using var writer = Sink("/out/names.csv").OpenWriter(0);
        Write(writer, 5);
        await writer.PrepareAsync(1);
        Assert.Equal(["Append", "Sync", "Dispose"], _calls);
    }

    // The compressor buffers its input until the end.
    [Fact]
    public void A_compressed_part_whose_end_cannot_be_written_is_closed()
    {
        var isFull = false;
        using var writer = Sink("/out/names.csv.gz", call =>
        {
            if (isFull && call == "Append")
            {
                throw new IOException("The disk is full.");
            }
        }).OpenWriter(0);
        Write(writer, 15);
        isFull = true;
        Assert.Throws<IOException>(() => { _ = writer.PrepareAsync(1).AsTask().GetAwaiter().GetResult(); });
        Assert.Equal("Dispose", _calls[^1]);
        Assert.Single(_calls, "Dispose");
    }

    [Fact]
    public void The_file_system_of_the_machine_takes_the_hint()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-").FullName;
        try
        {
            var path = Path.Combine(folder, "part");
            using (var file = LocalFileSystem.Instance.Create(path))
            {
                file.BeginSync();
                file.Append("one "u8);
                file.BeginSync();
                file.Append("two"u8);
                file.Sync();
                file.BeginSync();
            }

            Assert.Equal("one two", File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(ISinkWriter<OneText> writer, int rows)
    {
        var batch = new BatchPool<OneText>(rows).Rent();
        for (var i = 0; i < rows; i++)
        {
            batch.Add(new OneText(Long), 0);
        }

        writer.Write(batch, 1);
    }

    private FileSink<OneText, Codecs.OneTextCsvWriter> Sink(string path, Action<string>? before = null)
    {
        var files = new WatchedFiles(_files, call =>
        {
            lock (_gate)
            {
                _calls.Add(call);
            }

            before?.Invoke(call);
        });
        return new FileSink<OneText, Codecs.OneTextCsvWriter>(new FileSinkOptions(new FileSinkSettings(path, 1 << 30), files));
    }
}
