using Penstock.Files;

namespace Penstock.Sources;

/// <summary>Says of what a source has thrown whose it is, and whether it may pass.</summary>
internal static class SourceErrors
{
    /// <summary>Asks a source for something.</summary>
    public static T Explained<T>(string pipeline, string source, string action, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw Explain(pipeline, source, action, error);
        }
    }

    /// <summary>Makes the exception that stops the pipeline: one that allows a restart, or where that would not help, one that does not.</summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="action">What it was to do.</param>
    /// <param name="error">What it threw.</param>
    public static PipelineException Explain(string pipeline, string source, string action, Exception error) => FileErrors.IsPermanent(error)
        ? new PipelineException(
            $"Pipeline '{pipeline}': source '{source}' cannot {action}: {error.Message} Trying again would not help: let this process read there, or choose another path (Sources:{source}:Path).", error)
        : new SourceException($"Pipeline '{pipeline}': source '{source}' failed to {action}: {error.GetType().Name}: {error.Message}", error);
}
