using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>Configuration: values of every kind, with valid and invalid names.</summary>
internal sealed class SettingsTarget : IFuzzTarget
{
    private static readonly string[] Keys =
    [
        "Parallelism", "Streams:Clicks:Parallelism", "BatchSize", "KeyGroups", "ChannelCapacity", "StateLimit", "MaxDrift", "FlushInterval",
        "ShutdownTimeout", "IncludeRowText", "Checkpoints:Path", "Checkpoints:Interval",
        "Checkpoints:MinimumPause", "Checkpoints:Timeout", "Checkpoints:ToleratedFailures", "Checkpoints:Retain", "Savepoints:Path",
        "Savepoints:StartFrom", "Restart:Strategy",
        "Restart:Delay", "Restart:MaxDelay", "Restart:Jitter", "Restart:MaxAttempts", "Sources:In:Path", "Sources:In:MaxDelay",
        "Sources:In:Idle", "Sources:In:SplitSize",
        "Sources:In:MultiLine", "Sources:In:Poll", "Sources:In:OnBadRow", "Sources:In:Rate", "Sources:In:Topic", "Sinks:Out:Path",
        "Sinks:Out:RollSize", "Sinks", "Restart",
    ];

    private static readonly string[] Values =
    [
        "1", "0", "-1", "2147483648", "1.5", "1e400", "NaN", "true", "5s", "-5s", "1h30m", "00:10:00", "9223372036854775807us",
        "-9223372036854775807us", "106751991d", "64KB", "8388608TB",
        "Fail", "Skip,Fail", "1,2", "Exponential", "/tmp/x", "", " ", "s3://bucket/key",
    ];

    private static readonly PipelinePlan Plan = new(
        "P",
        [
            new PlanNode("In", PlanNodeKind.Source, "In", [], "Row", Time: "At"),
            new PlanNode("Out", PlanNodeKind.Sink, "Out", ["In"], "Row")
        ],
        []);

    public string Name => "settings";

    public void Run(Random random)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = random.Next(6); i >= 0; i--)
        {
            values[random.Next(10) == 0 ? Mutator.Mutate(random, random.Pick(Keys), 2) : random.Pick(Keys)] =
                random.Next(3) == 0 ? Mutator.Mutate(random, random.Pick(Values), 2) : random.Pick(Values);
        }

        var problems = new List<string>();
        var options = new PipelineOptions();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(static entry => KeyValuePair.Create("P:" + entry.Key, entry.Value)))
            .Build();
        new OptionsBinder(problems).Bind(configuration.GetSection("P"), options);
        OptionsValidator.Validate(options, Plan, problems);
        if (problems.Count > 0)
        {
            return;
        }

        // Accepted values can be used as timeouts and in calculations.
        TimeSpan?[] times =
        [
            options.FlushInterval, options.ShutdownTimeout, options.Checkpoints.Interval, options.Checkpoints.MinimumPause,
            options.Checkpoints.Timeout, options.Restart.Delay,
            options.Restart.MaxDelay, options.MaxDrift,
            .. options.Sources.Values.SelectMany(static source => new[] { source.MaxDelay, source.Idle, source.Poll }),
        ];
        if (Array.Exists(times, static time => time < TimeSpan.Zero)
            || options.Sources.Values.Any(static source => source.Rate is { } rate && !double.IsFinite(rate)))
        {
            throw new InvalidOperationException($"An option that makes no sense was accepted: {string.Join(", ", values)}");
        }
    }
}
