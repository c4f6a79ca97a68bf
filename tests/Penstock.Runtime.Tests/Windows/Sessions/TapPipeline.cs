namespace Penstock.Runtime.Tests.Windows.Sessions;

/// <summary>A tap of a user on a screen.</summary>
public readonly record struct Tap(int Id, string User, DateTimeOffset At);

/// <summary>A session of a user.</summary>
/// <param name="Ids">The ids of its rows, in order.</param>
/// <param name="Before">The number of sessions of the user that had fired before.</param>
public readonly record struct TapSession(string User, DateTimeOffset Start, DateTimeOffset End, string Ids, int Before);

[Operator, KeyBy(nameof(Tap.User)), SessionWindow("10s")]
public sealed partial class TapSessions
{
    [State] private partial ref List<int>? Ids { get; }

    [State(Scope = StateScope.Key)] private partial ref int Before { get; }

    [Accumulate]
    private void Add(in Tap tap) => (Ids ??= []).Add(tap.Id);

    // Takes the list of the other session, and changes it later.
    [Merge]
    private void Merge(in Accumulator other)
    {
        var ids = other.Ids!;
        ids.AddRange(Ids!);
        Ids = ids;
    }

    [Fire]
    private TapSession Close(in Window<string> window) =>
        new(window.Key, window.Start, window.End, string.Join(' ', Ids!.Order()), Before++);
}

[Operator, KeyBy(nameof(Tap.User)), SessionWindow("10s", AllowedLateness = "13s")]
public sealed partial class PatientTapSessions
{
    [State] private partial ref List<int>? Ids { get; }

    [Accumulate]
    private void Add(in Tap tap) => (Ids ??= []).Add(tap.Id);

    [Merge]
    private void Merge(in Accumulator other) => Ids!.AddRange(other.Ids!);

    [Fire]
    private TapSession Close(in Window<string> window) =>
        new(window.Key, window.Start, window.End, string.Join(' ', Ids!.Order()), 0);
}

/// <summary>Sessions of users, with and without allowed lateness, over splits that are out of order.</summary>
[Pipeline]
public sealed partial class TapPipeline
{
    [FileSource("taps-*.csv"), EventTime(nameof(Tap.At), MaxDelay = "4s")]
    public partial Stream<Tap> All { get; }

    [Apply<TapSessions>(nameof(All)), FileSink("sessions.csv")]
    public partial Stream<TapSession> Sessions { get; }

    [SideOutput(nameof(Sessions), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<Tap> Late { get; }

    [Apply<PatientTapSessions>(nameof(All)), FileSink("patient.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<TapSession> Patient { get; }

    [SideOutput(nameof(Patient), SideOutputs.Late), FileSink("patientlate.csv")]
    public partial Stream<Tap> PatientLate { get; }
}

[Operator, KeyBy(nameof(Click.User)), SessionWindow("1s")]
public sealed partial class ClickSessions
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Merge]
    private void Merge(in Accumulator other) => Count += other.Count;

    [Fire]
    private UserClicks Close(in Window<string> window) => new(window.Key, window.Start, Count, Count);
}

[Operator, KeyBy(nameof(Click.User)), SessionWindow("5s", AllowedLateness = "5s")]
public sealed partial class LongClickSessions
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Merge]
    private void Merge(in Accumulator other) => Count += other.Count;

    [Fire]
    private UserClicks Close(in Window<string> window) => new(window.Key, window.Start, Count, Count);
}

/// <summary>Sessions of one row, and sessions without end.</summary>
[Pipeline]
public sealed partial class ClickSessionsPipeline
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<ClickSessions>(nameof(Clicks)), FileSink("short.csv")]
    public partial Stream<UserClicks> Short { get; }

    [Apply<LongClickSessions>(nameof(Clicks)), FileSink("long.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<UserClicks> Long { get; }
}
