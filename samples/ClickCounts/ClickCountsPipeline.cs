using Penstock;

namespace ClickCounts;

/// <summary>A click, as in a file or a message.</summary>
public readonly record struct Click(DateTime At, string User, string Page);

/// <summary>The number of clicks on a page in a minute.</summary>
public readonly record struct PageMinute(string Page, DateTimeOffset Minute, long Clicks, int Users);

/// <summary>Counts the clicks of each page in each minute, and the different users.</summary>
[Operator, KeyBy(nameof(Click.Page)), TumblingWindow("1m")]
public sealed partial class ClicksPerMinute
{
    [State] private partial ref long Clicks { get; }
    [State] private partial MapState<string, bool> Users { get; }
    [State] private partial ref int Different { get; }

    [Accumulate]
    private void Add(in Click click)
    {
        Clicks++;
        if (!Users.ContainsKey(click.User))
        {
            Users[click.User] = true;
            Different++;
        }
    }

    [Fire]
    private PageMinute Close(in Window<string> window) => new(window.Key, window.Start, Clicks, Different);
}

/// <summary>One class for files, objects and topics: configuration determines which of them it reads and writes.</summary>
[Pipeline(Name = "ClickCounts")]
public sealed partial class ClickCountsPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "10m")]
    public partial Stream<Click> Clicks { get; }

    [Apply<ClicksPerMinute>(nameof(Clicks))]
    [FileSink("counts.jsonl")]
    public partial Stream<PageMinute> Counts { get; }
}
