namespace Collections;

public enum Kind : byte
{
    View,
    Buy,
}

public readonly record struct Event(string User, string Page, Kind Kind, int Millis, DateTime At);

public sealed record Visit(string Page, DateTime At);

public readonly record struct Summary(string User, int Pages, int Visits, int Slowest);

public readonly struct Slowest : IReducer<int>
{
    public static int Reduce(int left, int right) => Math.Max(left, right);
}

/// <summary>Maps, lists and a reducing state per user.</summary>
[Operator, KeyBy(nameof(Event.User))]
public sealed partial class Profile
{
    [State] private partial ref int Events { get; }
    [State] private partial MapState<string, int> Pages { get; }
    [State] private partial MapState<(Kind Kind, int Hour), Visit?> Latest { get; }
    [State] private partial ListState<Visit> Path { get; }
    [State] private partial ReducingState<int, Slowest> Slowest { get; }

    [Process]
    private void OnEvent(in Event row, ref Output<Summary> output)
    {
        Events++;
        Pages.GetOrAdd(row.Page)++;
        Latest[(row.Kind, row.At.Hour)] = new Visit(row.Page, row.At);
        Path.Add(new Visit(row.Page, row.At));
        Slowest.Add(row.Millis);
        output.Emit(new Summary(row.User, Pages.Count, Path.Count, Slowest.Value));
    }
}

/// <summary>Collections alone: nothing lies in the entry of a user.</summary>
[Operator, KeyBy(nameof(Event.User))]
public sealed partial class Trail
{
    [State] private partial ListState<int> Millis { get; }

    [Process]
    private void OnEvent(in Event row, ref Output<int> output)
    {
        Millis.Add(row.Millis);
        output.Emit(Millis.Count);
    }
}

/// <summary>State that expires, each in its own way.</summary>
[Operator, KeyBy(nameof(Event.User))]
public sealed partial class Recent
{
    [State(Ttl = "24h")] private partial ref int Events { get; }
    [State(Ttl = "1h", TtlTime = TtlTime.ProcessingTime)] private partial ReducingState<int, Slowest> Slowest { get; }
    [State(Ttl = "7d", TtlRefresh = TtlRefresh.OnReadAndWrite)] private partial MapState<string, Visit> Pages { get; }
    [State(Ttl = "10m")] private partial ListState<int> Millis { get; }

    [Process]
    private void OnEvent(in Event row, ref Output<int> output)
    {
        Slowest.Add(row.Millis);
        Pages[row.Page] = new Visit(row.Page, row.At);
        Millis.Add(row.Millis);
        output.Emit(++Events);
    }
}

/// <summary>State of windows, and state over all of them.</summary>
[Operator, KeyBy(nameof(Event.User)), TumblingWindow("1h", AllowedLateness = "1m")]
public sealed partial class Hourly
{
    [State] private partial ref int Events { get; }
    [State] private partial MapState<string, int> Pages { get; }
    [State(Scope = StateScope.Key, Ttl = "30d")] private partial ref int Hours { get; }
    [State(Scope = StateScope.Key)] private partial MapState<string, DateTime> Ever { get; }

    [Accumulate]
    private void Add(in Event row)
    {
        Events++;
        Pages.GetOrAdd(row.Page)++;
        Ever[row.Page] = row.At;
    }

    [Fire]
    private Summary Close(in Window<string> window) => new($"{window.Key} {window.Start:O}", Pages.Count, Events, ++Hours + Ever.Count);
}

[Pipeline]
public sealed partial class Usage
{
    [FileSource("events.csv", MultiLine = false, Poll = "5s")]
    [EventTime(nameof(Event.At))]
    public partial Stream<Event> Events { get; }

    [Apply<Profile>(nameof(Events))]
    [FileSink("profiles.csv")]
    public partial Stream<Summary> Profiles { get; }

    [Apply<Trail>(nameof(Events))]
    [Sink<Numbers>]
    public partial Stream<int> Trails { get; }

    [Apply<Recent>(nameof(Events))]
    [Sink<Numbers>(Id = "recent")]
    public partial Stream<int> Recent { get; }

    [Apply<Hourly>(nameof(Events))]
    [FileSink("hours.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Summary> Hours { get; }
}

public sealed class Numbers : Penstock.Connectors.ISink<int>
{
    public Penstock.Connectors.ISinkWriter<int> OpenWriter(int subtask) => throw new NotSupportedException();

    public Penstock.Connectors.ISinkCommitter CreateCommitter() => Penstock.Connectors.SinkCommitter.None;
}
