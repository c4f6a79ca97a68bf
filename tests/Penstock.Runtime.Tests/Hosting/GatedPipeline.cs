namespace Penstock.Runtime.Tests.Hosting;

/// <summary>A row whose members may throw.</summary>
public readonly record struct Step(string Name, int Number)
{
    /// <summary>A key that throws for some rows.</summary>
    public string Key => Number >= 0 ? Name : throw new InvalidOperationException("There is no key.");

    /// <summary>An event time that throws for some rows.</summary>
    public DateTime At =>
        Number < 1_000 ? new DateTime(2024, 1, 1).AddSeconds(Math.Abs(Number)) : throw new InvalidOperationException("There is no time.");
}

/// <summary>The number of steps.</summary>
public readonly record struct StepCount(int Steps);

/// <summary>The call that <see cref="PassGate"/> makes with a row before it passes the row on.</summary>
public sealed class Gate
{
    /// <summary>Called with each row.</summary>
    public Action<Step> OnStep { get; set; } = static _ => { };
}

/// <summary>Passes each row through the gate, on the thread of its source.</summary>
[Pipeline]
public sealed partial class GatedPipeline
{
    [FileSource("steps.jsonl")]
    public partial Stream<Step> Steps { get; }

    [Apply<PassGate>(nameof(Steps))]
    [FileSink("out.jsonl")]
    public partial Stream<Step> Out { get; }
}

[Operator]
public sealed partial class PassGate(Gate gate)
{
    [Map]
    private Step Pass(in Step step)
    {
        gate.OnStep(step);
        return step;
    }
}

/// <summary>Counts steps by a key that may throw.</summary>
[Pipeline]
public sealed partial class KeyedSteps
{
    [FileSource("steps.jsonl")]
    public partial Stream<Step> Steps { get; }

    [Apply<CountSteps>(nameof(Steps))]
    [FileSink("out.jsonl")]
    public partial Stream<StepCount> Out { get; }
}

[Operator, KeyBy(nameof(Step.Key))]
public sealed partial class CountSteps
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnStep(in Step step, ref Output<StepCount> output) => output.Emit(new StepCount(++Count));
}

/// <summary>Steps with an event time that may throw.</summary>
[Pipeline]
public sealed partial class TimedSteps
{
    [FileSource("steps.jsonl")]
    [EventTime(nameof(Step.At))]
    public partial Stream<Step> Steps { get; }

    [Apply<CountInWindows>(nameof(Steps))]
    [FileSink("out.jsonl")]
    public partial Stream<StepCount> Out { get; }
}

[Operator, KeyBy(nameof(Step.Name)), TumblingWindow("10s")]
public sealed partial class CountInWindows
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Step step) => Count++;

    [Fire]
    private StepCount Close(in Window<string> window) => new(Count);
}
