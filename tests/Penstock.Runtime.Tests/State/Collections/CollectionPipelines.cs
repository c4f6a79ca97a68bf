using System.Globalization;

namespace Penstock.Runtime.Tests.State.Collections;

/// <summary>An operation on the collections of a user.</summary>
public enum Verb
{
    Set,
    Count,
    Remove,
    RemoveOdd,
    ClearMap,
    Append,
    Change,
    RemoveLast,
    ClearList,
    Reduce,
    Nest,
}

public readonly record struct Command(string User, Verb Verb, int Item, int Value, DateTime At);

/// <summary>The contents of all collections of a user, in order.</summary>
public readonly record struct Content(string User, string Text);

public readonly struct Most : IReducer<int>
{
    public static int Reduce(int left, int right) => Math.Max(left, right);
}

/// <summary>The expected contents of the collections of a user, in plain collections.</summary>
internal sealed class PlainCollections
{
    public Dictionary<string, int> Map { get; } = [];

    public List<int> List { get; } = [];

    public Dictionary<(int, bool), List<int>> Nested { get; } = [];

    public int? Most { get; set; }

    public void Apply(Command command)
    {
        var item = PlainCollections.Name(command.Item);
        switch (command.Verb)
        {
            case Verb.Set: Map[item] = command.Value; break;
            case Verb.Count: Map[item] = Map.GetValueOrDefault(item) + 1; break;
            case Verb.Remove: Map.Remove(item); break;
            case Verb.RemoveOdd: Map.Where(entry => entry.Value % 2 != 0).ToList().ForEach(entry => Map.Remove(entry.Key)); break;
            case Verb.ClearMap: Map.Clear(); break;
            case Verb.Append: List.Add(command.Value); break;
            case Verb.Change when List.Count > 0: List[command.Item % List.Count] += command.Value; break;
            case Verb.RemoveLast when List.Count > 0: List.RemoveAt(List.Count - 1); break;
            case Verb.ClearList: List.Clear(); break;
            case Verb.Reduce: Most = Math.Max(Most ?? int.MinValue, command.Value); break;
            case Verb.Nest
                when Nested.TryGetValue((command.Item, command.Value % 2 == 0), out var values):
                values.Add(command.Value); break;
            case Verb.Nest: Nested.Add((command.Item, command.Value % 2 == 0), [command.Value]); break;
        }
    }

    public override string ToString() => Text(
        Map.Select(entry => $"{entry.Key}={entry.Value}"),
        List,
        Most,
        Nested.Select(entry => $"{entry.Key}:{string.Join('+', entry.Value)}"));

    public static string Name(int item) => "item" + item.ToString(CultureInfo.InvariantCulture);

    public static string Text(IEnumerable<string> map, IEnumerable<int> list, int? most, IEnumerable<string> nested) =>
        $"{string.Join(' ', map.Order(StringComparer.Ordinal))} | {string.Join(' ', list)} | {most} | {string.Join(' ', nested.Order(StringComparer.Ordinal))}";
}

/// <summary>Applies operations for each user, and emits the contents.</summary>
[Operator, KeyBy(nameof(Command.User))]
public sealed partial class Collect
{
    [State] private partial MapState<string, int> Map { get; }
    [State] private partial ListState<int> List { get; }
    [State] private partial MapState<(int Item, bool IsEven), List<int>> Nested { get; }
    [State] private partial ReducingState<int, Most> Most { get; }

    [Process]
    private void OnCommand(in Command command, ref Output<Content> output)
    {
        Do(in command, Map, List, Nested);
        if (command.Verb == Verb.Reduce)
        {
            Most.Add(command.Value);
        }

        output.Emit(new Content(command.User, TextOf(Map, List, Nested, Most.HasValue ? Most.Value : null)));
    }

    internal static void Do(
        in Command command,
        MapState<string, int> map,
        ListState<int> list,
        MapState<(int Item, bool IsEven), List<int>> nested)
    {
        var item = PlainCollections.Name(command.Item);
        switch (command.Verb)
        {
            case Verb.Set:
                map[item] = command.Value;
                break;
            case Verb.Count when map.ContainsKey(item):
                map.GetRef(item)++;
                break;
            case Verb.Count:
                map.GetOrAdd(item)++;
                break;
            case Verb.Remove:
                map.Remove(item);
                break;
            case Verb.RemoveOdd:
                foreach (var (key, value) in map)
                {
                    if (value % 2 != 0)
                    {
                        map.Remove(key);
                    }
                }

                break;
            case Verb.ClearMap:
                map.Clear();
                break;
            case Verb.Append:
                list.Add(command.Value);
                break;
            case Verb.Change when list.Count > 0:
                list[command.Item % list.Count] += command.Value;
                break;
            case Verb.RemoveLast when list.Count > 0:
                list.RemoveLast();
                break;
            case Verb.ClearList:
                list.Clear();
                break;
            case Verb.Nest when nested.TryGetValue((command.Item, command.Value % 2 == 0), out var values):
                values.Add(command.Value);
                break;
            case Verb.Nest:
                nested[(command.Item, command.Value % 2 == 0)] = [command.Value];
                break;
        }
    }

    internal static string TextOf(
        MapState<string, int> map,
        ListState<int> list,
        MapState<(int Item, bool IsEven), List<int>> nested,
        int? most)
    {
        var entries = new List<string>();
        foreach (var (key, value) in map)
        {
            entries.Add($"{key}={value}");
        }

        Assert.Equal(map.Count, entries.Count);
        var elements = new List<int>();
        foreach (var element in list)
        {
            elements.Add(element);
        }

        Assert.Equal(list.Count, elements.Count);
        var nests = new List<string>();
        foreach (var (key, values) in nested)
        {
            nests.Add($"{key}:{string.Join('+', values)}");
        }

        return PlainCollections.Text(entries, elements, most, nests);
    }
}

/// <summary>The same per user and window, with a collection per user over all windows.</summary>
[Operator, KeyBy(nameof(Command.User)), TumblingWindow("10s", AllowedLateness = "5s")]
public sealed partial class CollectInWindows
{
    [State] private partial MapState<string, int> Map { get; }
    [State] private partial ListState<int> List { get; }
    [State] private partial MapState<(int Item, bool IsEven), List<int>> Nested { get; }
    [State] private partial ReducingState<int, Most> Most { get; }
    [State(Scope = StateScope.Key)] private partial MapState<int, int> Ever { get; }
    [State(Scope = StateScope.Key)] private partial ref int Rows { get; }

    [Accumulate]
    private void Add(in Command command)
    {
        Collect.Do(in command, Map, List, Nested);
        if (command.Verb == Verb.Reduce)
        {
            Most.Add(command.Value);
        }

        Ever.GetOrAdd(command.Item)++;
        Rows++;
    }

    [Fire]
    private Content Close(in Window<string> window)
    {
        var sum = 0;
        foreach (var (_, count) in Ever)
        {
            sum += count;
        }

        Assert.Equal(Rows, sum);
        return new(
            window.Key,
            $"{window.StartMicros / 10_000_000 % 100}: {Collect.TextOf(Map, List, Nested, Most.HasValue ? Most.Value : null)}");
    }
}

[Pipeline]
public sealed partial class CollectPipeline
{
    [FileSource("commands.csv")]
    [EventTime(nameof(Command.At), MaxDelay = "1000d")]
    public partial Stream<Command> Commands { get; }

    [Apply<Collect>(nameof(Commands))]
    [FileSink("contents.csv")]
    public partial Stream<Content> Contents { get; }
}

[Pipeline]
public sealed partial class CollectInWindowsPipeline
{
    [FileSource("commands.csv")]
    [EventTime(nameof(Command.At), MaxDelay = "2s")]
    public partial Stream<Command> Commands { get; }

    [Apply<CollectInWindows>(nameof(Commands))]
    [FileSink("contents.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Content> Contents { get; }
}
