using Microsoft.Extensions.Configuration;

namespace Penstock.Hosting;

/// <summary>
/// Binds <see cref="PipelineOptions"/> from configuration without reflection. Durations and sizes have their own notation, and a misspelt
/// key is an error.
/// </summary>
internal sealed class OptionsBinder(List<string> problems)
{
    public void Bind(IConfigurationSection section, PipelineOptions options)
    {
        options.Keys.Record(section);
        foreach (var entry in Entries(section, "Checkpoints:Path"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "PARALLELISM": options.Parallelism = Number(entry) ?? options.Parallelism; break;
                case "BATCHSIZE": options.BatchSize = Number(entry, options.BatchSize); break;
                case "KEYGROUPS": options.KeyGroups = Number(entry, options.KeyGroups); break;
                case "CHANNELCAPACITY": options.ChannelCapacity = Number(entry, options.ChannelCapacity); break;
                case "STATELIMIT": options.StateLimit = Size(entry) ?? options.StateLimit; break;
                case "MAXDRIFT": options.MaxDrift = Duration(entry) ?? options.MaxDrift; break;
                case "FLUSHINTERVAL": options.FlushInterval = Duration(entry) ?? options.FlushInterval; break;
                case "SHUTDOWNTIMEOUT": options.ShutdownTimeout = Duration(entry) ?? options.ShutdownTimeout; break;
                case "INCLUDEROWTEXT": options.IncludeRowText = Boolean(entry); break;
                case "CHECKPOINTS": BindCheckpoints(entry, options.Checkpoints); break;
                case "SAVEPOINTS": BindSavepoints(entry, options.Savepoints); break;
                case "RESTART": BindRestart(entry, options.Restart); break;
                case "HEALTH": BindHealth(entry, options.Health); break;
                case "STREAMS": BindEach(entry, options.Streams, BindStream); break;
                case "SOURCES": BindEach(entry, options.Sources, BindSource); break;
                case "SINKS": BindEach(entry, options.Sinks, BindSink); break;
                default: Unknown(entry); break;
            }
        }
    }

    private void BindCheckpoints(IConfigurationSection section, CheckpointOptions options)
    {
        foreach (var entry in Entries(section, "Path"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "PATH": options.Path = Text(entry); break;
                case "INTERVAL": options.Interval = Duration(entry) ?? options.Interval; break;
                case "MINIMUMPAUSE": options.MinimumPause = Duration(entry) ?? options.MinimumPause; break;
                case "TIMEOUT": options.Timeout = Duration(entry) ?? options.Timeout; break;
                case "TOLERATEDFAILURES": options.ToleratedFailures = Number(entry, options.ToleratedFailures); break;
                case "RETAIN": options.Retain = Number(entry, options.Retain); break;
                default: Unknown(entry); break;
            }
        }
    }

    private void BindSavepoints(IConfigurationSection section, SavepointOptions options)
    {
        foreach (var entry in Entries(section, "Path"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "PATH": options.Path = Text(entry); break;
                case "STARTFROM": options.StartFrom = Text(entry); break;
                default: Unknown(entry); break;
            }
        }
    }

    private void BindRestart(IConfigurationSection section, RestartOptions options)
    {
        foreach (var entry in Entries(section, "Strategy"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "STRATEGY": options.Strategy = Choice<RestartStrategy>(entry) ?? options.Strategy; break;
                case "DELAY": options.Delay = Duration(entry) ?? options.Delay; break;
                case "MAXDELAY": options.MaxDelay = Duration(entry) ?? options.MaxDelay; break;
                case "JITTER": options.Jitter = Fraction(entry) ?? options.Jitter; break;
                case "MAXATTEMPTS": options.MaxAttempts = Number(entry, options.MaxAttempts); break;
                case "MAXFAILURESPERROW": options.MaxFailuresPerRow = Number(entry, options.MaxFailuresPerRow); break;
                default: Unknown(entry); break;
            }
        }
    }

    private void BindHealth(IConfigurationSection section, HealthOptions options)
    {
        foreach (var entry in Entries(section, "FailingAfter"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "FAILINGAFTER": options.FailingAfter = Duration(entry) ?? options.FailingAfter; break;
                case "MISSEDCHECKPOINTS": options.MissedCheckpoints = Number(entry, options.MissedCheckpoints); break;
                default: Unknown(entry); break;
            }
        }
    }

    private void BindStream(IConfigurationSection section, StreamOptions options)
    {
        foreach (var entry in Entries(section, "Parallelism"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "PARALLELISM": options.Parallelism = Number(entry); break;
                case "CONCURRENCY": options.Concurrency = Number(entry); break;
                case "TIMEOUT": options.Timeout = Duration(entry); break;
                case "RATE": options.Rate = Fraction(entry); break;
                default: Unknown(entry); break;
            }
        }
    }

    private void BindSource(IConfigurationSection section, SourceOptions options)
    {
        foreach (var entry in Entries(section, "Path"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "PATH": options.Path = Text(entry); break;
                case "MAXDELAY": options.MaxDelay = Duration(entry); break;
                case "IDLE": options.Idle = Duration(entry); break;
                case "SPLITSIZE": options.SplitSize = Size(entry); break;
                case "MULTILINE": options.MultiLine = Read(entry, SettingText.ParseBoolean, SettingText.BooleanForm); break;
                case "POLL": options.Poll = Duration(entry); break;
                case "ONBADROW": options.OnBadRow = Choice<BadRowPolicy>(entry); break;
                case "RATE": options.Rate = Fraction(entry); break;
                case "SKIPFILES": options.SkipFiles = Texts(entry); break;
                default: options.Settings.Bind(entry, entry.Key); break;
            }
        }
    }

    private void BindSink(IConfigurationSection section, SinkOptions options)
    {
        foreach (var entry in Entries(section, "Path"))
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "PATH": options.Path = Text(entry); break;
                case "ROLLSIZE": options.RollSize = Size(entry); break;
                default: options.Settings.Bind(entry, entry.Key); break;
            }
        }
    }

    private void BindEach<T>(IConfigurationSection section, Dictionary<string, T> options, Action<IConfigurationSection, T> bind)
        where T : new()
    {
        foreach (var entry in Entries(section, "<stream>:Path"))
        {
            if (!options.TryGetValue(entry.Key, out var value))
            {
                options[entry.Key] = value = new T();
            }

            bind(entry, value);
        }
    }

    // The entries of a section. A value in place of the section is a problem, since it would be ignored.
    private IEnumerable<IConfigurationSection> Entries(IConfigurationSection section, string example)
    {
        if (OptionKeys.NoSection(section, example) is { } problem)
        {
            problems.Add(problem);
        }

        return section.GetChildren();
    }

    // Reports a section in place of a value, which would be ignored.
    private bool IsSection(IConfigurationSection entry, string expected)
    {
        if (entry.GetChildren().FirstOrDefault() is not { } child)
        {
            return false;
        }

        problems.Add($"{entry.Path} is a section, with {OptionKeys.Quote(child.Path, child.Value)}; {expected} is expected.");
        return true;
    }

    private string? Text(IConfigurationSection entry)
    {
        if (!IsSection(entry, "a single value") && entry.Value == null)
        {
            problems.Add($"{entry.Path} is null; a text is expected. Leave it out if it is not to be set.");
        }

        return entry.Value;
    }

    // A single value is treated as a list of one.
    private List<string>? Texts(IConfigurationSection section)
    {
        List<string> texts = string.IsNullOrEmpty(section.Value)
            ? [.. section.GetChildren().Select(Text).OfType<string>()]
            : [section.Value];
        return texts.Count == 0 ? null : texts;
    }

    private void Unknown(IConfigurationSection entry) =>
        problems.Add($"{OptionKeys.Quote(entry.Path, entry.Value)} is not an option of a pipeline.");

    private int Number(IConfigurationSection entry, int fallback) => Number(entry) ?? fallback;

    private int? Number(IConfigurationSection entry) => Read(entry, SettingText.ParseInt32, SettingText.IntegerForm);

    private double? Fraction(IConfigurationSection entry) => Read(entry, SettingText.ParseDouble, SettingText.NumberForm);

    private TimeSpan? Duration(IConfigurationSection entry) => Read(entry, SettingText.ParseDuration, SettingText.DurationForm);

    private long? Size(IConfigurationSection entry) => Read(entry, SettingText.ParseSize, SettingText.SizeForm);

    private bool Boolean(IConfigurationSection entry) => Read(entry, SettingText.ParseBoolean, SettingText.BooleanForm) ?? false;

    private T? Choice<T>(IConfigurationSection entry)
        where T : struct, Enum => Read(entry, SettingText.ParseEnum<T>, SettingText.OneOf<T>());

    private T? Read<T>(IConfigurationSection entry, Func<string?, T?> read, string expected)
        where T : struct
    {
        if (IsSection(entry, expected))
        {
            return null;
        }

        var value = read(entry.Value);
        if (value == null)
        {
            problems.Add($"{OptionKeys.Quote(entry.Path, entry.Value)} is '{entry.Value}'; {expected} is expected.");
        }

        return value;
    }
}
