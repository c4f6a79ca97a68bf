using Microsoft.Extensions.Configuration;
using Penstock.Tasks;

namespace Penstock.Hosting;

/// <summary>The arguments of <c>AddPipeline</c>.</summary>
internal sealed record PipelineRegistration(string Name, PipelineDefinition Definition, Action<PipelineOptions>? Configure)
{
    /// <summary>Returns the options as set in code and overridden by configuration.</summary>
    /// <param name="configuration">The configuration of the host, if any.</param>
    /// <param name="wrong">An error with all problems of the options, or null if there are none.</param>
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
