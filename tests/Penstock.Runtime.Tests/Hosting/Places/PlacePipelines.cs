namespace Penstock.Runtime.Tests.Hosting.Places;

/// <summary>Copies clicks from one folder to another.</summary>
[Pipeline]
public sealed partial class CopyClicks
{
    [FileSource("in/*.csv")]
    [FileSink("out/clicks.csv")]
    public partial Stream<Click> Clicks { get; }
}

/// <summary>Copies clicks to two sinks.</summary>
[Pipeline]
public sealed partial class CopyClicksTwice
{
    [FileSource("in/*.csv")]
    [FileSink("out/clicks.csv")]
    [FileSink("copy/clicks.csv", Id = "Copy")]
    public partial Stream<Click> Clicks { get; }
}

/// <summary>Copies clicks as JSON, independent of the names of the files.</summary>
[Pipeline]
public sealed partial class CopyClicksAsJson
{
    [FileSource("in/*.csv")]
    [FileSink("out/clicks", Format = FileFormat.JsonLines)]
    public partial Stream<Click> Clicks { get; }
}
