using System.Globalization;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>The options of <c>[AsyncMap]</c>.</summary>
internal sealed class AsyncMapOptions : MethodOptions
{
    private const string Concurrency = "Concurrency";
    private const string Order = "Order";
    private const string Timeout = "Timeout";
    private const string Rate = "Rate";
    private const int DefaultConcurrency = 100;
    private const int MaxConcurrency = 65_536;
    private const long DefaultTimeout = 60 * Durations.Second;

    // The values of AsyncOrder.
    private const string InputOrder = "0";
    private const string CompletionOrder = "1";

    public override EquatableArray<string> Parameters { get; } = new([Concurrency, Order, Timeout, Rate]);

    public override IEnumerable<DiagnosticInfo> Validate(
        string method,
        WrittenAttribute written,
        Func<string, DiagnosticAnchor> placeOf)
    {
        if (written[Concurrency] is { } concurrency && !(int.TryParse(concurrency, out var rows) && rows is >= 1 and <= MaxConcurrency))
        {
            yield return Wrong(Concurrency, concurrency, $"1 to {MaxConcurrency.ToString("#,0", CultureInfo.InvariantCulture)}");
        }

        if (written[Order] is { } order and not (InputOrder or CompletionOrder))
        {
            yield return Wrong(Order, order, "AsyncOrder.Input or AsyncOrder.Completion");
        }

        if (written[Timeout] is { } timeout)
        {
            if (!Durations.TryParse(timeout, out var micros))
            {
                yield return new DiagnosticInfo("PEN205", placeOf(Timeout), timeout);
            }
            else if (micros <= 0)
            {
                yield return new DiagnosticInfo("PEN206", placeOf(Timeout), "The timeout of a call", timeout, "longer than zero");
            }
        }

        if (written[Rate] is { } rate && !(TryParse(rate, out var calls) && calls > 0))
        {
            yield return Wrong(Rate, rate, "more than 0");
        }

        DiagnosticInfo Wrong(string parameter, string text, string range) =>
            new("PEN023", placeOf(parameter), parameter, method, text, range);
    }

    public override KindValues ValuesOf(WrittenAttribute written) => new AsyncMapModel(
        int.TryParse(written[Concurrency], out var concurrency) ? concurrency : DefaultConcurrency,
        written[Order] == CompletionOrder,
        Durations.TryParse(written[Timeout], out var timeout) ? timeout : DefaultTimeout,
        TryParse(written[Rate], out var rate) ? (long)Math.Max(1, Math.Min(rate * AsyncMapModel.RateUnit, long.MaxValue / 2)) : 0);

    public override KindValues? ValuesOf(Func<string, long?> contract) =>
        contract(AsyncMapModel.ConcurrencyName) is > 0 and var concurrency && contract(AsyncMapModel.TimeoutName) is > 0 and var timeout
            ? new AsyncMapModel(
                (int)concurrency,
                contract(AsyncMapModel.OrderName) == 1,
                timeout,
                contract(AsyncMapModel.RateName) ?? 0)
            : null;

    private static bool TryParse(string? text, out double rate) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && !double.IsNaN(rate);
}

/// <summary>The options of asynchronous calls.</summary>
/// <param name="Concurrency">The maximum number of rows in flight.</param>
/// <param name="InCompletionOrder">Whether results are emitted in the order of completion.</param>
/// <param name="Timeout">The maximum time of a call, in microseconds.</param>
/// <param name="Rate">The maximum number of calls in a million seconds; 0 for no limit.</param>
internal sealed record AsyncMapModel(int Concurrency, bool InCompletionOrder, long Timeout, long Rate) : KindValues
{
    public const string ConcurrencyName = "CallConcurrency";
    public const string OrderName = "CallOrder";
    public const string TimeoutName = "CallTimeout";
    public const string RateName = "CallRate";

    /// <summary>The number of seconds for which <see cref="Rate"/> counts calls.</summary>
    public const double RateUnit = 1e6;

    public override IEnumerable<(string Name, long Value)> Contract
    {
        get
        {
            yield return (ConcurrencyName, Concurrency);
            yield return (TimeoutName, Timeout);
            if (InCompletionOrder)
            {
                yield return (OrderName, 1);
            }

            if (Rate != 0)
            {
                yield return (RateName, Rate);
            }
        }
    }

    /// <summary>The options of an operator.</summary>
    public static AsyncMapModel Of(OperatorNode node) => (AsyncMapModel)node.Applied.Values!;
}
