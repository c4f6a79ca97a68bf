using System.Buffers;
using System.Text;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Sources.Files;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>Reads whole in-memory sources, as the engine does.</summary>
internal static class SourceReading
{
    public static FileSourceOptions Options(
        IFileSystem files,
        string path,
        long splitSize = long.MaxValue,
        int bufferSize = 256 * 1024,
        char delimiter = ',') =>
        new(new FileSourceSettings(path, splitSize, delimiter), files) { BufferSize = bufferSize };

    public static MemoryFileSystem FileWith(string path, string text) => FileWith(path, Encoding.UTF8.GetBytes(text));

    public static MemoryFileSystem FileWith(string path, byte[] content)
    {
        var files = new MemoryFileSystem();
        Add(files, path, content);
        return files;
    }

    public static void Add(IFileSystem files, string path, byte[] content)
    {
        using var file = files.Create(path);
        file.Append(content);
    }

    public static List<T> ReadCsv<T, TReader>(
        string text,
        long splitSize = long.MaxValue,
        int batchSize = 1024,
        int bufferSize = 256 * 1024,
        IBadRowHandler? badRows = null)
        where TReader : struct, ICsvRowReader<T> =>
        ReadAll(
            new CsvFileSource<T, TReader>(Options(FileWith("/in/rows.csv", text), "/in/rows.csv", splitSize, bufferSize)),
            batchSize,
            badRows);

    public static List<T> ReadJson<T, TReader>(
        string text,
        long splitSize = long.MaxValue,
        int batchSize = 1024,
        int bufferSize = 256 * 1024,
        IBadRowHandler? badRows = null)
        where TReader : struct, IJsonRowReader<T> =>
        ReadAll(
            new JsonLinesFileSource<T, TReader>(Options(FileWith("/in/rows.jsonl", text), "/in/rows.jsonl", splitSize, bufferSize)),
            batchSize,
            badRows);

    public static List<T> ReadAll<T>(ISource<T> source, int batchSize = 1024, IBadRowHandler? badRows = null)
    {
        var rows = new List<T>();
        foreach (var split in source.Discover())
        {
            using var reader = source.Open(split, default, badRows ?? new FailOnBadRows());
            while (Read(reader, rows, batchSize) != ReadStatus.Ended)
            {
            }
        }

        return rows;
    }

    public static ReadStatus Read<T>(ISplitReader<T> reader, List<T> rows, int batchSize)
    {
        var appender = new RowAppender<T>();
        var batch = new BatchPool<T>(batchSize).Rent();
        appender.Attach(batch, batchSize);
        var status = reader.Read(appender);
        rows.AddRange(batch.Rows.AsSpan(0, batch.Count));
        return status;
    }

    public static byte[] PositionOf<T>(ISplitReader<T> reader)
    {
        var position = new ArrayBufferWriter<byte>();
        reader.SavePosition(position);
        return position.WrittenSpan.ToArray();
    }

    public sealed class FailOnBadRows : IBadRowHandler
    {
        public void Handle(in BadRow row) => throw new BadRowException(row, row.ToString());
    }

    public sealed class KeepBadRows : IBadRowHandler
    {
        public List<BadRow> Rows { get; } = [];

        public void Handle(in BadRow row) => Rows.Add(row);
    }
}
