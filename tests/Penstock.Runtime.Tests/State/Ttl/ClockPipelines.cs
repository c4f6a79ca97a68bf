namespace Penstock.Runtime.Tests.State.Ttl;

/// <summary>A map that expires by the clock of its rows.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountValues
{
    [State(Ttl = "1h")] private partial MapState<int, int> Values { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output) => output.Emit(new(click.User, ++Values.GetOrAdd(click.Value)));
}

/// <summary>The same with another name of the state.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountRenamed
{
    [State(Ttl = "1h"), FormerName("Values")] private partial MapState<int, int> Numbers { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output) => output.Emit(new(click.User, ++Numbers.GetOrAdd(click.Value)));
}

/// <summary>State that expires by the clock of the machine, whatever rows have.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountByMachine
{
    [State(Ttl = "1h", TtlTime = TtlTime.ProcessingTime)] private partial ref int Count { get; }
    [State(Ttl = "1h", TtlTime = TtlTime.ProcessingTime)] private partial MapState<int, int> Values { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output)
    {
        Values[click.Value] = 1;
        output.Emit(new(click.User, ++Count * 100 + Values.Count));
    }
}

/// <summary>One state that expires by each clock, and one whose <c>Ttl</c> was removed.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountByBoth
{
    [State(Ttl = "1h", TtlTime = TtlTime.ProcessingTime)] private partial ref int Count { get; }
    [State] private partial MapState<int, int> Values { get; }
    [State(Ttl = "1h")] private partial ref int Added { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output)
    {
        Added++;
        Values[click.Value] = 1;
        output.Emit(new(click.User, ++Count * 100 + Values.Count));
    }
}

/// <summary>The state of a user over all windows expires by the clock of the machine.</summary>
[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s")]
public sealed partial class CountStreaksByMachine
{
    [State] private partial ref int Count { get; }
    [State(Scope = StateScope.Key, Ttl = "1m", TtlTime = TtlTime.ProcessingTime)] private partial ref int Windows { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Fire]
    private Running Close(in Window<string> window) => new(window.Key, ++Windows * 100 + Count);
}

/// <summary>Values and a map with event time.</summary>
[Pipeline(Name = "Clocks")]
public sealed partial class EntriesByEvent
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountRecently>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

/// <summary>The same without event time.</summary>
[Pipeline(Name = "Clocks")]
public sealed partial class EntriesByClock
{
    [FileSource("clicks.csv")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountRecently>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

/// <summary>The same with event time, which the state does not use.</summary>
[Pipeline(Name = "Clocks")]
public sealed partial class EntriesByMachine
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountByMachine>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

/// <summary>The same, with a new state that uses event time.</summary>
[Pipeline(Name = "Clocks")]
public sealed partial class EntriesByBoth
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountByBoth>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class MapByEvent
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountValues>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class RenamedMapByClock
{
    [FileSource("clicks.csv")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountRenamed>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class DistinctByEvent
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Distinct(nameof(Clicks), Ttl = "1h"), KeyBy(nameof(Click.User)), FileSink("out.csv")]
    public partial Stream<Click> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class DistinctByClock
{
    [FileSource("clicks.csv")]
    public partial Stream<Click> Clicks { get; }

    [Distinct(nameof(Clicks), Ttl = "1h"), KeyBy(nameof(Click.User)), FileSink("out.csv")]
    public partial Stream<Click> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class LastByEvent
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [KeepLast(nameof(Clicks), OrderBy = nameof(Click.Value), Ttl = "1h"), KeyBy(nameof(Click.User))]
    [FileSink("out.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Click> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class LastByMachine
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [KeepLast(nameof(Clicks), OrderBy = nameof(Click.Value), Ttl = "1h", TtlTime = TtlTime.ProcessingTime), KeyBy(nameof(Click.User))]
    [FileSink("out.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Click> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class WindowsByEvent
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountStreaks>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}

[Pipeline(Name = "Clocks")]
public sealed partial class WindowsByMachine
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountStreaksByMachine>(nameof(Clicks)), FileSink("out.csv")]
    public partial Stream<Running> Totals { get; }
}
