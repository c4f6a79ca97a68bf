using Penstock.Runtime.Tests.State.Collections;

namespace Penstock.Runtime.Tests.State.Ttl;

/// <summary>Applies operations to state that expires after eight seconds of event time.</summary>
[Operator, KeyBy(nameof(Command.User))]
public sealed partial class Forget
{
    [State(Ttl = "8s")] private partial ref int Rows { get; }
    [State(Ttl = "8s")] private partial MapState<string, int> Map { get; }
    [State(Ttl = "8s", TtlRefresh = TtlRefresh.OnReadAndWrite)] private partial MapState<int, int> Read { get; }
    [State(Ttl = "8s")] private partial ListState<int> List { get; }
    [State(Ttl = "8s")] private partial ReducingState<int, Most> Most { get; }

    [Process]
    private void OnCommand(in Command command, ref Output<Content> output)
    {
        var item = PlainCollections.Name(command.Item);
        switch (command.Verb)
        {
            case Verb.Set:
                Map[item] = command.Value;
                break;
            case Verb.Count:
                Map.GetOrAdd(item)++;
                break;
            case Verb.Remove:
                Map.Remove(item);
                break;
            case Verb.Append:
                List.Add(command.Value);
                break;
            case Verb.Change when List.Count > 0:
                List[command.Item % List.Count] += command.Value;
                break;
            case Verb.RemoveLast when List.Count > 0:
                List.RemoveLast();
                break;
            case Verb.Reduce:
                Most.Add(command.Value);
                break;
            case Verb.Nest:
                Read[command.Item] = command.Value;
                break;
            case Verb.RemoveOdd:
                Read.TryGetValue(command.Item, out _);
                break;
            case Verb.ClearMap:
                Rows++;
                break;
        }

        var entries = new List<string>();
        foreach (var (key, value) in Map)
        {
            entries.Add($"{key}={value}");
        }

        var elements = new List<int>();
        foreach (var element in List)
        {
            elements.Add(element);
        }

        // The values of Read are not used, because reading them would extend their life.
        var counted = command.Verb == Verb.ClearMap ? Rows : -1;
        output.Emit(new Content(
            command.User,
            PlainCollections.Text(entries, elements, Most.HasValue ? Most.Value : null, [$"{counted}", $"{Read.Count}"])));
    }
}

[Pipeline]
public sealed partial class ForgetPipeline
{
    [FileSource("commands.csv")]
    [EventTime(nameof(Command.At), MaxDelay = "2s")]
    public partial Stream<Command> Commands { get; }

    [Apply<Forget>(nameof(Commands))]
    [FileSink("contents.csv")]
    public partial Stream<Content> Contents { get; }
}

/// <summary>Counts per user and hour of the clock.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountRecently
{
    [State(Ttl = "1h")] private partial ref int Count { get; }
    [State(Ttl = "1h")] private partial MapState<int, int> Values { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output)
    {
        Values[click.Value] = 1;
        output.Emit(new Running(click.User, ++Count * 100 + Values.Count));
    }
}

/// <summary>Without event time, so that state expires by the clock.</summary>
[Pipeline]
public sealed partial class RecentPipeline
{
    [FileSource("clicks.csv")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountRecently>(nameof(Clicks))]
    [FileSink("recent.csv")]
    public partial Stream<Running> Recent { get; }
}

/// <summary>State of a user over all windows, which expires a minute after the last of them.</summary>
[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s")]
public sealed partial class CountStreaks
{
    [State] private partial ref int Count { get; }
    [State(Scope = StateScope.Key, Ttl = "1m")] private partial ref int Windows { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Fire]
    private Running Close(in Window<string> window) => new(window.Key, ++Windows * 100 + Count);
}

[Pipeline]
public sealed partial class StreaksPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountStreaks>(nameof(Clicks))]
    [FileSink("streaks.csv")]
    public partial Stream<Running> Streaks { get; }
}
