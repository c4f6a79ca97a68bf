namespace Penstock.Runtime.Tests.Streams;

/// <summary>Members whose values differ from the assigned ones, because accessors, initializers and constructors compute them.</summary>
internal sealed class Computing
{
    public int Twice { get; set => field = value * 2; }

    public int Shown { get => field * 3; set; }

    public List<int>? Lazy { get => field ??= [7]; set; }

    public string? Trimmed { get; set => field = value!.Trim(); }

    public int AtLeastOne { get; set => field = Math.Max(1, value); }

    public int Refusing
    {
        get;
        set => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public int Alpha { get; set; }

    public int Resetting
    {
        get;
        set
        {
            field = value;
            (Alpha, Zulu) = (-1, -1);
        }
    }

    public int Zulu { get; set; }

    public required int Rate { get; init => field = value + 1; }

    public int Plain { get => field; set => field = value; }

    public Taxed? Taxed { get; set; }

    public Metres Length { get; set; }

    public Metres? Width { get; set; }

    public List<Exclaimed?>? Names { get; set; }

    public Dictionary<string, Taxed>? Bills { get; set; }

    public Derived? Derived { get; set; }

    public Loud? Loud { get; set; }

    public Hiding? Hiding { get; set; }

    public Chained? Chained { get; set; }
}

internal sealed record Taxed(decimal Price, string Text)
{
    public decimal Price { get; init; } = Price * 1.2m;

    public string Text { get; } = Text + "?";
}

internal readonly struct Metres(double metres)
{
    public double Value { get; } = metres + 1;

    public readonly double Metres_ = metres;

    public Metres(double value, double metres_)
        : this(value + metres_)
    {
    }
}

internal sealed class Exclaimed
{
    public Exclaimed(string name, int length)
    {
        Name = name + "!";
        Length = length;
        if (length > 2)
        {
            Length++;
        }
    }

    public string Name { get; }

    public int Length { get; }
}

internal record Origin(int X);

internal sealed record Derived(int X, int Y) : Origin(X + Y);

internal record Quiet
{
    public virtual int Volume { get; set; }
}

internal sealed record Loud : Quiet
{
    public override int Volume { get => base.Volume * 10; set => base.Volume = value + 1; }
}

internal record Shadowed
{
    public int Depth { get; set; }
}

internal sealed record Hiding(string Name) : Shadowed
{
    public new string Depth => $"{Name}: {base.Depth}";
}

internal sealed class Chained(int number)
{
    public int Number { get; } = number;

    public string? Text { get; }

    public Chained(int number, string text)
        : this(number + 1)
    {
        Text = text;
    }
}

/// <summary>Keeps the same in its state.</summary>
[Operator, KeyBy(nameof(Spot.Row))]
internal sealed partial class KeepComputing
{
    [State] private partial ref Computing? Kept { get; }

    [Process] private void On(in Spot spot, ref Output<Spot> output) => output.Emit(Kept == null ? spot : default);
}
