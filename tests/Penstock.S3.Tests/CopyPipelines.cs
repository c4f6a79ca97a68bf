namespace Penstock.S3.Tests;

/// <summary>A row with a string that may contain quotes and line breaks.</summary>
public readonly record struct Item(int Number, string? Text);

/// <summary>Copies objects.</summary>
[Pipeline]
public sealed partial class CopyObjects
{
    [S3Source("s3://rows/in/*.csv", SplitSize = "1KB")]
    [S3Sink("s3://rows/out/items.jsonl", RollSize = "2KB")]
    public partial Stream<Item> Items { get; }
}

/// <summary>Copies existing objects, and those that are added.</summary>
[Pipeline]
public sealed partial class CopyComingObjects
{
    [S3Source("s3://rows/in/*.csv", Poll = "20ms")]
    [S3Sink("s3://rows/out/items.jsonl")]
    public partial Stream<Item> Items { get; }
}

/// <summary>Copies files.</summary>
[Pipeline]
public sealed partial class CopyFiles
{
    [FileSource("in", SplitSize = "1KB", Format = FileFormat.Csv)]
    [FileSink("out/items.jsonl", RollSize = "2KB")]
    public partial Stream<Item> Items { get; }
}
