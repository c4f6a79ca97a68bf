namespace Sorting;

public readonly record struct Line(string Device, string Text, DateTimeOffset At);

public readonly record struct Reading(string Device, double Value, DateTimeOffset At);

public readonly record struct Unreadable(string Device, string Text);

public readonly record struct Jump(string Device, double From, double To);

[Operator]
public sealed partial class Parse
{
    [FlatMap]
    private static void Read(in Line line, ref Output<Reading> readings, ref Output<Unreadable> rejected)
    {
        if (double.TryParse(line.Text, System.Globalization.CultureInfo.InvariantCulture, out var value))
        {
            readings.Emit(new Reading(line.Device, value, line.At));
        }
        else
        {
            rejected.Emit(new Unreadable(line.Device, line.Text));
        }
    }
}

[Operator, KeyBy(nameof(Reading.Device))]
public sealed partial class Smooth
{
    [State] private partial ref double Last { get; }

    [Process]
    private void Add(in Reading reading, in Context context, ref Output<Reading> output, ref Output<Jump> jumps)
    {
        if (Math.Abs(reading.Value - Last) > 10)
        {
            jumps.Emit(new Jump(reading.Device, Last, reading.Value));
        }

        Last = (Last + reading.Value) / 2;
        output.Emit(reading with { Value = Last, At = context.EventTime });
    }
}

[Pipeline]
public sealed partial class Sensors
{
    [FileSource("lines.csv")]
    [EventTime(nameof(Line.At))]
    public partial Stream<Line> Lines { get; }

    [Apply<Parse>(nameof(Lines))]
    public partial Stream<Reading> Readings { get; }

    [SideOutput(nameof(Readings), "rejected")]
    [FileSink("rejected.csv")]
    public partial Stream<Unreadable> Rejected { get; }

    [Apply<Smooth>(nameof(Readings))]
    [FileSink("smooth.csv")]
    public partial Stream<Reading> Smoothed { get; }

    [SideOutput(nameof(Smoothed), "jumps")]
    [FileSink("jumps.csv")]
    [FileSink("jumps.jsonl", Id = "json")]
    public partial Stream<Jump> Jumps { get; }
}
