using Penstock;

namespace Visits;

public readonly record struct View(string User, DateTimeOffset At, int Milliseconds);

public readonly record struct Visit(string User, DateTimeOffset Start, DateTimeOffset End, long Views, int Longest);

public readonly record struct PatientVisit(string User, DateTimeOffset Start, long Views, long Number);

public readonly struct Largest : IReducer<int>
{
    public static int Reduce(int left, int right) => Math.Max(left, right);
}

[Pipeline]
public sealed partial class VisitsOfUsers
{
    [FileSource("views.csv"), EventTime(nameof(View.At), MaxDelay = "5s")]
    public partial Stream<View> Views { get; }

    [Apply<VisitsPerUser>(nameof(Views))]
    [FileSink("visits.csv")]
    public partial Stream<Visit> Visits { get; }

    [SideOutput(nameof(Visits), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<View> Late { get; }

    [Apply<PatientVisits>(nameof(Views))]
    [FileSink("patient.jsonl", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<PatientVisit> Patient { get; }
}

[Operator, KeyBy(nameof(View.User)), SessionWindow("30m")]
public sealed partial class VisitsPerUser
{
    [State] private partial ref long Views { get; }

    [State] private partial ReducingState<int, Largest> Longest { get; }

    [Accumulate]
    private void Add(in View view)
    {
        Views++;
        Longest.Add(view.Milliseconds);
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Views += other.Views;
        if (other.Longest.HasValue)
        {
            Longest.Add(other.Longest.Value);
        }
    }

    [Fire]
    private Visit Close(in Window<string> window) => new(window.Key, window.Start, window.End, Views, Longest.Value);
}

[Operator, KeyBy(nameof(View.User)), SessionWindow("1h30m", AllowedLateness = "10m")]
public sealed partial class PatientVisits
{
    [State] private partial ref long Views { get; }

    [State(Scope = StateScope.Key)] private partial ref long Fired { get; }

    [Accumulate]
    private void Add(in View view) => Views++;

    [Merge]
    private void Merge(in Accumulator other) => Views += other.Views;

    [Fire]
    private PatientVisit Close(in Window<string> window) => new(window.Key, window.Start, Views, Fired++);
}
