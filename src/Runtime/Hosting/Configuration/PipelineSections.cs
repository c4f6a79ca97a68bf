using Microsoft.Extensions.Configuration;
using Penstock.Generator.Shared;

namespace Penstock.Hosting;

/// <summary>Finds the configuration sections of pipelines, with their names as written there.</summary>
internal static class PipelineSections
{
    private const string Root = "Penstock";
    private const string Pipelines = "Pipelines";

    // The sections of other Penstock packages, which may also be names of pipelines.
    private static readonly string[] Packages = ["Kafka", "S3"];

    private static readonly string[] Options =
    [
        nameof(PipelineOptions.Parallelism), nameof(PipelineOptions.BatchSize), nameof(PipelineOptions.KeyGroups),
        nameof(PipelineOptions.ChannelCapacity), nameof(PipelineOptions.StateLimit),
        nameof(PipelineOptions.MaxDrift), nameof(PipelineOptions.FlushInterval), nameof(PipelineOptions.ShutdownTimeout),
        nameof(PipelineOptions.IncludeRowText), nameof(PipelineOptions.Checkpoints), nameof(PipelineOptions.Savepoints),
        nameof(PipelineOptions.Restart), nameof(PipelineOptions.Health), nameof(PipelineOptions.Streams), nameof(PipelineOptions.Sources),
        nameof(PipelineOptions.Sinks),
    ];

    /// <summary>Returns the section of a pipeline, or null if there is none.</summary>
    public static IConfigurationSection? Of(IConfiguration? configuration, string pipeline) =>
        Find(configuration, Root, Pipelines, pipeline);

    /// <summary>Reports values in place of the sections around that of a pipeline, since they would be ignored.</summary>
    /// <param name="configuration">The configuration of the host.</param>
    /// <param name="pipeline">The name of the pipeline.</param>
    public static IEnumerable<string> Misplaced(IConfiguration? configuration, string pipeline)
    {
        if (Find(configuration, Root) is { } root && OptionKeys.NoSection(root, $"{Pipelines}:{pipeline}") is { } problem)
        {
            yield return problem;
        }

        if (Find(configuration, Root, Pipelines) is { } pipelines && OptionKeys.NoSection(pipelines, pipeline) is { } another)
        {
            yield return another;
        }
    }

    /// <summary>Reports sections that belong to no pipeline, with the name that was probably meant.</summary>
    /// <param name="configuration">The configuration of the host.</param>
    /// <param name="pipelines">The names of the pipelines of the host.</param>
    public static IEnumerable<string> Unread(IConfiguration? configuration, IReadOnlyCollection<string> pipelines)
    {
        // Third-party packages may have their own sections here.
        foreach (var section in Find(configuration, Root)?.GetChildren().Where(static section => !IsNamed(section, Pipelines)) ?? [])
        {
            if (Suggestions.For(section.Key, [Pipelines]) != null)
            {
                yield return $"{section.Path} is not read. Options of pipelines are below {Root}:{Pipelines}.";
            }
            else if (pipelines.FirstOrDefault(name => IsNamed(section, name)) is { } pipeline
                && !Packages.Any(package => IsNamed(section, package)))
            {
                yield return $"{section.Path} is not read. Options of pipeline '{pipeline}' are below {Root}:{Pipelines}:{pipeline}.";
            }
            else if (Options.Any(option => IsNamed(section, option)))
            {
                yield return $"{section.Path} is not read. Options of a pipeline are below "
                    + $"{Root}:{Pipelines}:<name>, such as {Root}:{Pipelines}:{pipelines.First()}:{section.Key}.";
            }
        }

        var unknown = Find(
            configuration,
            Root,
            Pipelines)?.GetChildren().Where(section => !pipelines.Contains(section.Key, StringComparer.OrdinalIgnoreCase));
        foreach (var section in unknown ?? [])
        {
            var meant = Suggestions.For(section.Key, pipelines) is { } name ? $" Is '{name}' meant?" : "";
            yield return $"{section.Path} is not read: this host has no pipeline "
                + $"'{section.Key}'; it has {string.Join(", ", pipelines.Select(static name => $"'{name}'"))}.{meant}";
        }
    }

    private static bool IsNamed(IConfigurationSection section, string name) => section.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static IConfigurationSection? Find(IConfiguration? configuration, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            configuration = configuration?.GetChildren().FirstOrDefault(section => IsNamed(section, name));
        }

        return configuration as IConfigurationSection;
    }
}
