using Penstock.Files;

namespace Penstock.Sinks;

/// <summary>Says of what a sink has thrown whose it is, and whether it may pass.</summary>
internal static class SinkErrors
{
    /// <summary>Asks a sink for something.</summary>
    public static T Explained<T>(string pipeline, string sink, string action, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw Explain(pipeline, sink, action, error);
        }
    }

    /// <summary>
    /// Makes the exception that stops the pipeline: one that allows a restart, or where that would not help, one that does not.
    /// </summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="sink">The id of the sink.</param>
    /// <param name="action">What it was to do.</param>
    /// <param name="error">What it threw.</param>
    public static PipelineException Explain(string pipeline, string sink, string action, Exception error) => FileErrors.IsPermanent(error)
        ? new PipelineException(
            ErrorCodes.OutputNotWritable,
            $"Pipeline '{pipeline}': sink '{sink}' cannot {action}: {error.Message} Trying again would not help: let this process create "
                + $"and write files there, or choose another path (Sinks:{sink}:Path).",
            error)
        : new SinkException($"Pipeline '{pipeline}': sink '{sink}' failed to {action}: {error.GetType().Name}: {error.Message}", error);
}
