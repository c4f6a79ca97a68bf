using Penstock.Connectors;
using Penstock.Files;
using Penstock.Sources.Memory;

namespace Penstock.Sources;

/// <summary>Converts exceptions of a source: adds the name of the source, and determines whether a restart may help.</summary>
internal static class SourceErrors
{
    /// <summary>Calls a source and converts its exceptions.</summary>
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

    /// <summary>
    /// Creates the exception that fails the attempt: one that allows a restart or, if a restart would not help, one that does not.
    /// </summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="action">The failed action.</param>
    /// <param name="error">The exception of the source.</param>
    public static PipelineException Explain(string pipeline, string source, string action, Exception error) => error switch
    {
        MemoryInputException => new PipelineException(
            ErrorCodes.MemoryInput,
            $"Pipeline '{pipeline}': source '{source}' cannot {action}: {error.Message}",
            error.InnerException),
        _ when FileErrors.IsPermanent(error) => new PipelineException(
            ErrorCodes.InputUnreadable,
            $"Pipeline '{pipeline}': source '{source}' cannot {action}: {error.Message} A retry would not help: give this process access "
                + $"to the path, or choose another path (Sources:{source}:Path).",
            error),
        _ => new SourceException(
            $"Pipeline '{pipeline}': source '{source}' failed to {action}: {error.GetType().Name}: {error.Message}",
            error),
    };

    /// <summary>
    /// Creates the exception for a violation of the source contract. That is a bug in the source, so a restart would not help.
    /// </summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="mistake">The violation: the actual and the expected result.</param>
    public static PipelineException Wrong(string pipeline, string source, string mistake) =>
        new(ErrorCodes.SourceBreaksContract, $"Pipeline '{pipeline}': source '{source}' is wrong: {mistake}");

    /// <summary>Checks that the splits of a list have unique ids.</summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="method">The method that returned the list.</param>
    /// <param name="splits">The list.</param>
    /// <returns>The list.</returns>
    /// <exception cref="PipelineException">The list violates the contract.</exception>
    public static IReadOnlyList<SourceSplit> Checked(string pipeline, string source, string method, IReadOnlyList<SourceSplit>? splits)
    {
        if (splits == null)
        {
            throw Wrong(pipeline, source, $"{method} has returned null. Where there are no splits, it must return an empty list.");
        }

        // A running source is called often, and the list is usually empty.
        if (splits.Count == 0)
        {
            return splits;
        }

        var ids = new HashSet<string>(splits.Count, StringComparer.Ordinal);
        foreach (var split in splits)
        {
            if (split == null)
            {
                throw Wrong(pipeline, source, $"{method} has returned a split that is null.");
            }

            if (string.IsNullOrEmpty(split.Id))
            {
                throw Wrong(
                    pipeline,
                    source,
                    $"{method} has returned a split without an id. Each split needs one, the same at every start.");
            }

            if (split.Fingerprint == null)
            {
                throw Wrong(
                    pipeline,
                    source,
                    $"{method} has returned split '{split.Id}' with a fingerprint that is null. Where there is none, it is empty.");
            }

            if (!ids.Add(split.Id))
            {
                throw Wrong(
                    pipeline,
                    source,
                    $"{method} has returned the split id '{split.Id}' twice. Each split needs an id of its own: its rows would be read "
                        + $"twice.");
            }
        }

        return splits;
    }
}
