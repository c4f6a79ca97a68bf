namespace Penstock.Benchmarks.Pipelines;

/// <summary>The row of the chain benchmarks: 32 bytes, like a row with a few columns.</summary>
public readonly record struct Reading(long Id, long Value, long Sensor, double Weight);

/// <summary>Filter, map, filter over rows in memory.</summary>
[Pipeline]
public sealed partial class ChainPipeline
{
    /// <summary>The readings.</summary>
    [Source<MemorySource<Reading>>]
    public partial Stream<Reading> Readings { get; }

    /// <summary>Those with an even id.</summary>
    [Apply<EvenIds>(nameof(Readings))]
    public partial Stream<Reading> Even { get; }

    /// <summary>With a scaled value.</summary>
    [Apply<Scale>(nameof(Even))]
    public partial Stream<Reading> Scaled { get; }

    /// <summary>Those with a large value.</summary>
    [Apply<LargeValues>(nameof(Scaled))]
    [Sink<SumSink>]
    public partial Stream<Reading> Large { get; }
}

/// <summary>The same chain after a keyed exchange: its first filter is keyed.</summary>
[Pipeline]
public sealed partial class ChainHopPipeline
{
    /// <summary>The readings.</summary>
    [Source<MemorySource<Reading>>]
    public partial Stream<Reading> Readings { get; }

    /// <summary>Those with an even id, on the subtask that owns it.</summary>
    [Apply<EvenIdsByKey>(nameof(Readings))]
    public partial Stream<Reading> Even { get; }

    /// <summary>With a scaled value.</summary>
    [Apply<Scale>(nameof(Even))]
    public partial Stream<Reading> Scaled { get; }

    /// <summary>Those with a large value.</summary>
    [Apply<LargeValues>(nameof(Scaled))]
    [Sink<SumSink>]
    public partial Stream<Reading> Large { get; }
}

/// <summary>Keeps even ids.</summary>
[Operator]
public sealed partial class EvenIds
{
    [Filter]
    private bool Keep(in Reading reading) => (reading.Id & 1) == 0;
}

/// <summary>Scales values.</summary>
[Operator]
public sealed partial class Scale
{
    [Map]
    private Reading Apply(in Reading reading) => reading with { Value = reading.Value * 3 + 1 };
}

/// <summary>Keeps large values.</summary>
[Operator]
public sealed partial class LargeValues
{
    [Filter]
    private bool Keep(in Reading reading) => reading.Value > 100;
}

/// <summary>Keeps even ids, on the subtask that owns the id.</summary>
[Operator, KeyBy(nameof(Reading.Id))]
public sealed partial class EvenIdsByKey
{
    [Process]
    private void OnReading(in Reading reading, ref Output<Reading> output)
    {
        if ((reading.Id & 1) == 0)
        {
            output.Emit(in reading);
        }
    }
}
