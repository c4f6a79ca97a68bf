namespace Penstock.Runtime.Tests.Tasks.Operators;

public readonly record struct Deposit(string Account, int Branch, int Amount);

public sealed record Withdrawal(string Owner, int Amount, string Place);

/// <summary>A change of the limit of an account; its key is computed.</summary>
public readonly record struct LimitChange(string Text)
{
    public string Holder => Text.Split(':')[0];

    public int Limit => int.Parse(Text.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
}

public readonly record struct AccountState(string Account, int Deposits, int Withdrawals, int Limit, int Rows);

/// <summary>Three inputs without event time, which share the state of a key.</summary>
[Pipeline]
public sealed partial class AccountsPipeline
{
    [FileSource("deposits.csv")]
    public partial Stream<Deposit> Deposits { get; }

    [FileSource("withdrawals.jsonl")]
    public partial Stream<Withdrawal> Withdrawals { get; }

    [FileSource("limits.csv")]
    public partial Stream<LimitChange> Limits { get; }

    [Apply<KeepAccounts>(nameof(Deposits), nameof(Withdrawals), nameof(Limits), Prefer = nameof(Limits))]
    public partial Stream<AccountState> Accounts { get; }

    [Apply<PositiveAccounts>(nameof(Accounts))]
    [FileSink("accounts.csv")]
    public partial Stream<AccountState> Positive { get; }
}

[Operator]
public sealed partial class KeepAccounts
{
    [State] private partial ref AccountState State { get; }

    [Process, KeyBy(nameof(Deposit.Account))]
    private void OnDeposit(in Deposit deposit, ref Output<AccountState> output) =>
        Emit(deposit.Account, State with { Deposits = State.Deposits + deposit.Amount }, ref output);

    [Process, KeyBy(nameof(Withdrawal.Owner))]
    private void OnWithdrawal(in Withdrawal withdrawal, ref Output<AccountState> output) =>
        Emit(withdrawal.Owner, State with { Withdrawals = State.Withdrawals + withdrawal.Amount }, ref output);

    [Process, KeyBy(nameof(LimitChange.Holder))]
    private void OnLimit(in LimitChange change, ref Output<AccountState> output) =>
        Emit(change.Holder, State with { Limit = change.Limit }, ref output);

    private void Emit(string account, AccountState state, ref Output<AccountState> output) =>
        output.Emit(State = state with { Account = account, Rows = state.Rows + 1 });
}

[Operator]
public sealed partial class PositiveAccounts
{
    [Filter] private static bool Keep(in AccountState state) => state.Rows > 0;
}

/// <summary>A pair of numbers, each of which can be the key.</summary>
public readonly record struct NodeLink(int From, int To);

/// <summary>A node, with the numbers of links to it and from it.</summary>
public readonly record struct NodeDegree(int Node, int In, int Out);

/// <summary>Both inputs have the same rows, from one source, and different keys.</summary>
[Pipeline]
public sealed partial class LinksPipeline
{
    [FileSource("links.csv")]
    public partial Stream<NodeLink> Links { get; }

    [Apply<ForeignLinks>(nameof(Links))]
    public partial Stream<NodeLink> Foreign { get; }

    [Apply<CountLinks>(nameof(Links), nameof(Foreign))]
    [FileSink("degrees.csv")]
    public partial Stream<NodeDegree> Degrees { get; }
}

[Operator]
public sealed partial class ForeignLinks
{
    [Filter] private static bool Keep(in NodeLink link) => link.From != link.To;
}

[Operator]
public sealed partial class CountLinks
{
    [State] private partial ref int In { get; }
    [State] private partial ref int Out { get; }

    [Process, KeyBy(nameof(NodeLink.From))]
    private void OnSent(in NodeLink link, ref Output<NodeDegree> output) => output.Emit(new NodeDegree(link.From, In, ++Out));

    [Process, KeyBy(nameof(NodeLink.To))]
    private void OnReceived(in NodeLink link, ref Output<NodeDegree> output) => output.Emit(new NodeDegree(link.To, ++In, Out));
}

public readonly record struct ClickMark(DateTime At, string Name);

/// <summary>Two inputs from one source, for the measurement of allocations.</summary>
[Pipeline]
public sealed partial class MarkedClicksPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<MarksOfClicks>(nameof(Clicks))]
    public partial Stream<ClickMark> Marks { get; }

    [Apply<MarkClicks>(nameof(Clicks), nameof(Marks))]
    [FileSink("marked.csv")]
    public partial Stream<ClickMark> Marked { get; }
}

[Operator]
public sealed partial class MarksOfClicks
{
    [Map] private static ClickMark Make(in Click click) => new(click.At, click.User);
}

[Operator]
public sealed partial class MarkClicks
{
    [Transient] private static int _fired;

    public static int Fired => _fired;

    [State] private partial ref int Clicks { get; }
    [State] private partial MapState<int, int> Marks { get; }

    [Process, KeyBy(nameof(Click.User))]
    private void OnClick(in Click click, in Context context, ref Output<ClickMark> output)
    {
        Clicks++;
        context.Timers.Set(context.EventTimeMicros + 10_000_000);
    }

    [Process, KeyBy(nameof(ClickMark.Name))]
    private void OnMark(in ClickMark mark, ref Output<ClickMark> output)
    {
        Marks.GetOrAdd(Clicks % 5)++;
        output.Emit(in mark);
    }

    [OnTimer]
    private void OnTimer(in Timer<string> timer, ref Output<ClickMark> output)
    {
        Interlocked.Increment(ref _fired);
        output.Emit(new ClickMark(timer.Time.UtcDateTime, timer.Key));
    }
}
