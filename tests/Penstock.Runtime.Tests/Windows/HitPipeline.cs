using System.Globalization;

namespace Penstock.Runtime.Tests.Windows;

public readonly record struct Hit(int Id, string Page, DateTimeOffset At);

/// <summary>A result of a window.</summary>
/// <param name="Parts">The slices with rows, in the order in which they were merged.</param>
public readonly record struct Hits(string Page, DateTimeOffset Start, DateTimeOffset End, int Count, string Parts);

/// <summary>What the operators with windows have in common: merging that is associative but not commutative.</summary>
public static class HitParts
{
    /// <summary>The name of the slice of a row.</summary>
    public static string Of(DateTimeOffset at, int offset, int step)
    {
        var second = (at - HitOracle.Epoch).TotalSeconds - offset;
        return (Math.Floor(second / step) * step + offset).ToString(CultureInfo.InvariantCulture) + ";";
    }

    /// <summary>Joins the slices of two states. A slice can be in both: rows that were late for some windows come separately.</summary>
    public static string? Join(string? older, string? newer)
    {
        if (older == null || newer == null)
        {
            return older ?? newer;
        }

        var first = newer[..(newer.IndexOf(';', StringComparison.Ordinal) + 1)];
        return (";" + older).EndsWith(";" + first, StringComparison.Ordinal) ? older + newer[first.Length..] : older + newer;
    }
}

[Operator, KeyBy(nameof(Hit.Page)), SlidingWindow("20s", Slide = "2s", Offset = "1s")]
public sealed partial class SlidingHits
{
    [State] private partial ref int Count { get; }
    [State] private partial ref string? Parts { get; }

    [Accumulate]
    private void Add(in Hit hit)
    {
        Count++;
        Parts = HitParts.Of(hit.At, 1, 2);
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        Parts = HitParts.Join(Parts, other.Parts);
    }

    [Fire] private Hits Close(in Window<string> window) => new(window.Key, window.Start, window.End, Count, Parts!);
}

[Operator, KeyBy(nameof(Hit.Page)), SlidingWindow("12s", Slide = "3s", AllowedLateness = "7s")]
public sealed partial class PatientHits
{
    [State] private partial ref int Count { get; }
    [State] private partial ref string? Parts { get; }

    [Accumulate]
    private void Add(in Hit hit)
    {
        Count++;
        Parts = HitParts.Of(hit.At, 0, 3);
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        Parts = HitParts.Join(Parts, other.Parts);
    }

    // What a window changes in its state is lost.
    [Fire] private Hits Close(in Window<string> window) => new(window.Key, window.Start, window.End, Count++, Parts!);
}

[Operator, KeyBy(nameof(Hit.Page)), CumulativeWindow("24s", Step = "4s", Offset = "6s")]
public sealed partial class GrowingHits
{
    [State] private partial ref int Count { get; }
    [State] private partial ref string? Parts { get; }

    [Accumulate]
    private void Add(in Hit hit)
    {
        Count++;
        Parts = HitParts.Of(hit.At, 6, 4);
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        Parts = HitParts.Join(Parts, other.Parts);
    }

    [Fire] private Hits Close(in Window<string> window) => new(window.Key, window.Start, window.End, Count, Parts!);
}

[Operator, KeyBy(nameof(Hit.Page)), CumulativeWindow("24s", Step = "4s", AllowedLateness = "5s")]
public sealed partial class PatientGrowingHits
{
    [State] private partial ref List<int>? Ids { get; }
    [State] private partial ref string? Parts { get; }

    [Accumulate]
    private void Add(in Hit hit)
    {
        (Ids ??= []).Add(hit.Id);
        Parts = HitParts.Of(hit.At, 0, 4);
    }

    // Takes the list of the other rows, and changes it later.
    [Merge]
    private void Merge(in Accumulator other)
    {
        if (Ids == null)
        {
            Ids = other.Ids;
        }
        else
        {
            Ids.AddRange(other.Ids ?? []);
        }

        Parts = HitParts.Join(Parts, other.Parts);
    }

    [Fire] private Hits Close(in Window<string> window) => new(window.Key, window.Start, window.End, Ids!.Count, Parts!);
}

/// <summary>Windows that overlap, with and without allowed lateness, over splits that are out of order.</summary>
[Pipeline]
public sealed partial class HitPipeline
{
    [FileSource("hits-*.csv"), EventTime(nameof(Hit.At), MaxDelay = "4s")]
    public partial Stream<Hit> All { get; }

    [Apply<SlidingHits>(nameof(All)), FileSink("sliding.csv")]
    public partial Stream<Hits> Sliding { get; }

    [SideOutput(nameof(Sliding), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<Hit> Late { get; }

    [Apply<PatientHits>(nameof(All)), FileSink("patient.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Hits> Patient { get; }

    [SideOutput(nameof(Patient), SideOutputs.Late), FileSink("patientlate.csv")]
    public partial Stream<Hit> PatientLate { get; }

    [Apply<GrowingHits>(nameof(All)), FileSink("growing.csv")]
    public partial Stream<Hits> Growing { get; }

    [Apply<PatientGrowingHits>(nameof(All)), FileSink("patientgrowing.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Hits> PatientGrowing { get; }
}
