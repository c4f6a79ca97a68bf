using System.Globalization;

namespace Penstock.Runtime.Tests.Tasks.Outputs;

public readonly record struct Line(string Device, string Text, DateTimeOffset At);

public readonly record struct Reading(string Device, double Value, DateTimeOffset At);

public readonly record struct Unreadable(string Device, string Text);

public readonly record struct Jump(string Device, double From, double To);

public readonly record struct Placed(string Device, int Subtask);

public readonly record struct Note(string Text);

public readonly record struct Rejections(string Device, DateTimeOffset Minute, int Count);

[Operator]
public sealed partial class Parse
{
    [FlatMap]
    private static void Read(in Line line, ref Output<Reading> readings, ref Output<Unreadable> rejected)
    {
        if (double.TryParse(line.Text, CultureInfo.InvariantCulture, out var value))
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

[Operator, KeyBy(nameof(Line.Device))]
public sealed partial class Place
{
    [Process]
    private static void Find(in Line line, in Context context, ref Output<Placed> output) =>
        output.Emit(new Placed(line.Device, context.SubtaskIndex));
}

[Operator]
public sealed partial class NoteJump
{
    [Map]
    private static Note Write(in Jump jump) => new(FormattableString.Invariant($"jump {jump.Device} {jump.From:R} {jump.To:R}"));
}

[Operator]
public sealed partial class NoteRejection
{
    [Map]
    private static Note Write(in Unreadable line) => new($"rejected {line.Device} {line.Text}");
}

[Operator, KeyBy(nameof(Unreadable.Device)), TumblingWindow("1m")]
public sealed partial class CountRejections
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Unreadable line) => Count++;

    [Fire]
    private Rejections Close(in Window<string> window) => new(window.Key, window.Start, Count);
}

/// <summary>
/// Side outputs of a fused operator and of a keyed one. They go to sinks, are read by several operators, united, and counted in windows.
/// </summary>
[Pipeline]
public sealed partial class SensorPipeline
{
    [FileSource("lines.csv")]
    [EventTime(nameof(Line.At))]
    public partial Stream<Line> Lines { get; }

    [Apply<Parse>(nameof(Lines))]
    public partial Stream<Reading> Readings { get; }

    [SideOutput(nameof(Readings), "rejected")]
    [FileSink("rejected.csv")]
    public partial Stream<Unreadable> Rejected { get; }

    [Apply<CountRejections>(nameof(Rejected))]
    [FileSink("rejections.csv")]
    public partial Stream<Rejections> RejectedPerMinute { get; }

    [Apply<Smooth>(nameof(Readings))]
    [FileSink("smooth.csv")]
    public partial Stream<Reading> Smoothed { get; }

    [SideOutput(nameof(Smoothed), "jumps")]
    [FileSink("jumps.csv")]
    public partial Stream<Jump> Jumps { get; }

    [Apply<NoteJump>(nameof(Jumps))]
    public partial Stream<Note> JumpNotes { get; }

    [Apply<NoteRejection>(nameof(Rejected))]
    public partial Stream<Note> RejectionNotes { get; }

    [Union(nameof(JumpNotes), nameof(RejectionNotes))]
    [FileSink("notes.csv")]
    public partial Stream<Note> Notes { get; }
}

/// <summary>Records the subtask that processes each row.</summary>
[Pipeline]
public sealed partial class PlacesPipeline
{
    [FileSource("lines.csv")]
    public partial Stream<Line> Lines { get; }

    [Apply<Place>(nameof(Lines))]
    [FileSink("places.csv")]
    public partial Stream<Placed> Places { get; }
}
