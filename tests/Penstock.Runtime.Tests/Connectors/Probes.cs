using System.Collections.Concurrent;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>How a stream names its connector.</summary>
public enum Form
{
    Class,
    Message,
    Csv,
    JsonLines,
}

/// <summary>A row of these tests.</summary>
public readonly record struct Probe(string Name, DateTime At, int Number)
{
    public static Probe Sample { get; } = new("one", new DateTime(2026, 3, 1, 7, 30, 0, DateTimeKind.Utc), 1);
}

/// <summary>Which optional interfaces have had their effect, by the form of the connector.</summary>
public sealed class ProbeLog
{
    private readonly ConcurrentDictionary<(Form Form, string Interface), bool> _served = [];

    /// <summary>The number of parts into which a dividing source divides its input.</summary>
    public int Parts { get; set; } = 1;

    public void Serve(Form form, string name) => _served[(form, name)] = true;

    public bool IsServed(Form form, string name) => _served.ContainsKey((form, name));
}

[Operator]
public sealed partial class NumberOf
{
    [Map]
    private static int Make(in Probe probe) => probe.Number;
}

[Operator, KeyBy(nameof(Probe.Name)), TumblingWindow("1h", AllowedLateness = "1h")]
public sealed partial class LastOfHour
{
    [State] private partial ref Probe Last { get; }

    [Accumulate]
    private void Add(in Probe probe) => Last = probe;

    [Fire]
    private Probe Close(in Window<string> window) => Last with { Name = window.Key };
}
