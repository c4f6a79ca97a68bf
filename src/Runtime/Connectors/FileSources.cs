using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Creates file sources: bounded ones, and ones that poll for new files.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FileSources
{
    /// <summary>Creates a source of CSV files.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the source.</param>
    /// <param name="options">The options of the files.</param>
    /// <returns>The source.</returns>
    public static ISource<T> Csv<T, TReader>(SourceContext context, FileSourceOptions options)
        where TReader : struct, ICsvRowReader<T>
    {
        options = OverSent(context, options);
        return Polled(context, options, FileExtensions.Csv, new CsvFileSource<T, TReader>(options));
    }

    /// <summary>Creates a source of JSON Lines files.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the source.</param>
    /// <param name="options">The options of the files.</param>
    /// <returns>The source.</returns>
    public static ISource<T> JsonLines<T, TReader>(SourceContext context, FileSourceOptions options)
        where TReader : struct, IJsonRowReader<T>
    {
        options = OverSent(context, options);
        return Polled(context, options, FileExtensions.JsonLines, new JsonLinesFileSource<T, TReader>(options));
    }

    // What a test sends is one file, which the input of a connector does not know.
    private static FileSourceOptions OverSent(SourceContext context, FileSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        return context.Sent is { } sent ? options with { Path = sent.Path, Input = new FolderInput(sent.Files) } : options;
    }

    private static ISource<T> Polled<T>(SourceContext context, FileSourceOptions options, string[] extensions, ISource<T> files)
    {
        if (options.Poll is not { } poll || context.Sent != null)
        {
            return files;
        }

        // One subtask lists the files for all, so files that appear together are seen together by all subtasks.
        return context.IsOnOneNode
            ? new PolledFileSource<T>(
                files,
                options,
                context.Share(() => new FilePoller(
                    context.Id,
                    context.Parallelism,
                    () => options.Input.Find(options.Path, extensions),
                    poll,
                    context.Time,
                    context.Log,
                    context.Health)
                { Background = context.Background }),
                new PollingSubtask(context.Id, context.Subtask, context.IsRestart, context.Log))
            : throw new PipelineException(
                ErrorCodes.PollingOnSeveralNodes,
                $"Pipeline '{context.PipelineName}': source '{context.Id}' looks for new files, and its "
                    + $"{context.Parallelism} subtasks lie on several nodes, where they would not see files together. Set "
                    + $"Streams:{context.Id}:Parallelism to 1.");
    }
}
