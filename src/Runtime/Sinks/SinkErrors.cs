using Penstock.Files;
using Penstock.Sinks.Memory;

namespace Penstock.Sinks;

/// <summary>Converts exceptions of a sink: adds the name of the sink, and determines whether a restart may help.</summary>
internal static class SinkErrors
{
    /// <summary>Calls a sink and converts its exceptions.</summary>
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
    /// Creates the exception that fails the attempt: one that allows a restart or, if a restart would not help, one that does not.
    /// </summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="sink">The id of the sink.</param>
    /// <param name="action">The failed action.</param>
    /// <param name="error">The exception of the sink.</param>
    public static PipelineException Explain(string pipeline, string sink, string action, Exception error) => error switch
    {
        MemoryOutputException => new PipelineException(
            ErrorCodes.MemoryOutput,
            $"Pipeline '{pipeline}': sink '{sink}' cannot {action}: {error.Message}"),
        _ when FileErrors.IsPermanent(error) => new PipelineException(
            ErrorCodes.OutputNotWritable,
            $"Pipeline '{pipeline}': sink '{sink}' cannot {action}: {error.Message} A retry would not help: give this process access to "
                + $"the path, or choose another path (Sinks:{sink}:Path).",
            error),
        _ => new SinkException($"Pipeline '{pipeline}': sink '{sink}' failed to {action}: {error.GetType().Name}: {error.Message}", error),
    };
}
