namespace Penstock.Runtime.Tests.Fixtures;

/// <summary>A row of the fixtures.</summary>
public readonly record struct Entry(string Key, int Number, DateTime At);

/// <summary>The values that operators emit for a key.</summary>
public readonly record struct Told(string Key, string Text);

internal sealed record Item(int Number, string? Note, DateTime At);

internal readonly struct Largest : IReducer<int>
{
    public static int Reduce(int left, int right) => Math.Max(left, right);
}

/// <summary>State of every kind by key.</summary>
[Operator, KeyBy(nameof(Entry.Key))]
public sealed partial class Kept
{
    [State] private partial ref int Count { get; }
    [State] private partial ref decimal? Sum { get; }
    [State] private partial ref string? Last { get; }
    [State] private partial ref List<int>? All { get; }
    [State] private partial ref Dictionary<string, Item?>? Items { get; }
    [State] private partial MapState<int, long> Counts { get; }
    [State] private partial ListState<string> Names { get; }
    [State] private partial ReducingState<int, Largest> Peak { get; }

    // The rows of a key are eleven minutes apart: one state never expires, the other always.
    [State(Ttl = "2h")] private partial ref int Recent { get; }
    [State(Ttl = "10m")] private partial MapState<int, int> Lately { get; }

    [Process]
    private void On(in Entry entry, ref Output<Told> output)
    {
        Count++;
        Sum = (Sum ?? 0) + entry.Number;
        Last = $"é{entry.Number}";
        (All ??= []).Add(entry.Number);
        (Items ??= [])[$"{entry.Number % 5}"] = entry.Number % 2 == 0 ? null : new Item(entry.Number, Last, entry.At);
        Counts.GetOrAdd(entry.Number % 3)++;
        if (Names.Count > 5)
        {
            Names.Clear();
        }

        Names.Add(Last);
        Peak.Add(entry.Number);
        Recent++;
        Lately.GetOrAdd(0)++;
        output.Emit(new Told(entry.Key, Tell()));
    }

    private string Tell()
    {
        var counts = new SortedDictionary<int, long>();
        foreach (var (key, count) in Counts)
        {
            counts.Add(key, count);
        }

        var items = Items!
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}:{pair.Value?.Number}/{pair.Value?.Note}/{pair.Value?.At.Minute}");
        return $"{Count} {Sum} {Last} {string.Join(",", All!)} {string.Join(",", items)} {string.Join(",", counts)} {Names.Count} {Names.Get(0)} {Peak.Value} {Recent} {Lately[0]}";
    }
}

/// <summary>State by key and window, and by key over all windows.</summary>
[Operator, KeyBy(nameof(Entry.Key)), TumblingWindow("1h")]
public sealed partial class Hours
{
    [State] private partial ref decimal Sum { get; }
    [State] private partial MapState<int, int> Counts { get; }
    [State(Scope = StateScope.Key)] private partial ref long Total { get; }

    [Accumulate]
    private void Add(in Entry entry)
    {
        Sum += entry.Number;
        Counts.GetOrAdd(entry.Number % 4)++;
        Total += entry.Number;
    }

    [Fire]
    private Told Close(in Window<string> window) => new(window.Key, $"{window.Start.Hour} {Sum} {Counts.Count} of {Total}");
}

/// <summary>
/// The program that writes and reads the fixtures. It must not change, because all fixtures would have to be written again. Features of
/// later releases get separate pipelines.
/// </summary>
[Pipeline]
public sealed partial class FixturePipeline
{
    [FileSource("entries.csv"), EventTime(nameof(Entry.At))]
    public partial Stream<Entry> Entries { get; }

    [Apply<Kept>(nameof(Entries)), FileSink("kept.csv")]
    public partial Stream<Told> Keys { get; }

    [Apply<Hours>(nameof(Entries)), FileSink("hours.csv")]
    public partial Stream<Told> Windows { get; }
}
