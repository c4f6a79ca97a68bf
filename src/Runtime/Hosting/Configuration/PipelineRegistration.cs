using Microsoft.Extensions.Configuration;
using Penstock.Tasks;

namespace Penstock.Hosting;

/// <summary>What <c>AddPipeline</c> was told.</summary>
internal sealed record PipelineRegistration(string Name, PipelineDefinition Definition, Action<PipelineOptions>? Configure)
{
    /// <summary>The options as code sets them and configuration overrides them.</summary>
    /// <param name="configuration">The configuration of the host, if it has one.</param>
    /// <param name="wrong">Everything that is wrong with them; null when nothing is.</param>
    public PipelineOptions ReadOptions(IConfiguration? configuration, out PipelineException? wrong)
    {
        var options = new PipelineOptions();
        var problems = PipelineSections.Misplaced(configuration, Name).ToList();
        Configure?.Invoke(options);
        var section = PipelineSections.Of(configuration, Name);
        if (section != null)
        {
            new OptionsBinder(problems).Bind(section, options);
        }

        OptionsValidator.Validate(options, Definition.Plan, problems);
        wrong = problems.Count == 0
            ? null
            : new PipelineException(
                ErrorCodes.WrongConfiguration,
                $"The configuration of pipeline '{Name}' ({section?.Path ?? $"Penstock:Pipelines:{Name}"}) is wrong:\n- "
                    + string.Join("\n- ", problems));
        return options;
    }
}
