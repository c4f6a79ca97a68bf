using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Schemas;

namespace Penstock.Generator.Operators;

/// <summary>
/// Processes rows as <see cref="ProcessKind"/> does, and sets timers, which call another method when event time has passed them.
/// </summary>
internal sealed class TimerKind : ProcessKind
{
    private const string Form = "void Method(in Timer<TKey> timer, in Context context, ref Output<TOut> output)";

    public override string Name => "Timer";

    public override EquatableArray<MethodForm> Methods { get; } = new(
    [
        Process,
        new MethodForm("OnTimer", MethodResult.Nothing, Form, Form.Replace("Method", "OnTimer"))
        {
            Takes = MethodInput.Timer,
            TakesContext = true,
            Emits = true,
        },
    ]);

    public override IReadOnlyList<OwnState> OwnStates { get; } = [new(StateSuffix.Timers, "timers($){Time:int64}")];

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitTimer();

    // A timer may have any time, so every step of the watermark counts.
    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [new WatermarkGrid(1, 0, 0)];

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node.Time == null && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            yield return new DiagnosticInfo(
                "PEN224",
                PlaceWithoutTime(node, plan),
                new EquatableArray<string>([node.Applied.Name, stream, remedy]),
                source.Time == null ? source.Name : null);
        }
    }
}
