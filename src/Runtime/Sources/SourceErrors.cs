using Penstock.Connectors;
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

    /// <summary>
    /// Makes the exception that stops the pipeline: one that allows a restart, or where that would not help, one that does not.
    /// </summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="action">What it was to do.</param>
    /// <param name="error">What it threw.</param>
    public static PipelineException Explain(string pipeline, string source, string action, Exception error) => FileErrors.IsPermanent(error)
        ? new PipelineException(
            ErrorCodes.InputUnreadable,
            $"Pipeline '{pipeline}': source '{source}' cannot {action}: {error.Message} Trying again would not help: let this process "
                + $"read there, or choose another path (Sources:{source}:Path).",
            error)
        : new SourceException(
            $"Pipeline '{pipeline}': source '{source}' failed to {action}: {error.GetType().Name}: {error.Message}",
            error);

    /// <summary>
    /// Makes the exception for an answer that no source may give. It is a mistake of the program, so that a restart would not help.
    /// </summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="mistake">What it has answered, and what it should answer.</param>
    public static PipelineException Wrong(string pipeline, string source, string mistake) =>
        new(ErrorCodes.SourceBreaksContract, $"Pipeline '{pipeline}': source '{source}' is wrong: {mistake}");

    /// <summary>Makes sure that each split of a list can be told from the others, by its id.</summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="source">The id of the source.</param>
    /// <param name="method">The method that has returned the list.</param>
    /// <param name="splits">The list.</param>
    /// <returns>The list.</returns>
    /// <exception cref="PipelineException">The list is not right.</exception>
    public static IReadOnlyList<SourceSplit> Checked(string pipeline, string source, string method, IReadOnlyList<SourceSplit>? splits)
    {
        if (splits == null)
        {
            throw Wrong(pipeline, source, $"{method} has returned null. Where there are no splits, it must return an empty list.");
        }

        // A source that goes on is asked often, and mostly has none.
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
