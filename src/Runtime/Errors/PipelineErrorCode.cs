namespace Penstock;

/// <summary>
/// The code of a run-time error. It stands for one kind of mistake with one remedy, and begins the message of a
/// <see cref="PipelineException"/>, so that logs show it. Each code of Penstock has a page in <c>docs/errors</c>; a connector may have
/// codes of its own.
/// </summary>
/// <example>
/// <code>
/// private static readonly PipelineErrorCode MissingFolder = new("ACME12", "The folder is missing", "https://acme.example/errors/ACME12");
/// </code>
/// </example>
public sealed class PipelineErrorCode
{
    private const string Reserved = "PSR";
    private const string HelpRoot = "https://github.com/penstock-dev/penstock/blob/main/docs/errors/";

    /// <summary>Creates a code.</summary>
    /// <param name="id">Upper-case letters, and digits behind them. <c>PSR</c> stands for Penstock.</param>
    /// <param name="title">The kind of mistake in a few words.</param>
    /// <param name="helpLink">Where a page explains it; null where there is none. Codes of Penstock have theirs.</param>
    /// <exception cref="ArgumentException">The id has another form.</exception>
    public PipelineErrorCode(string id, string title, string? helpLink = null)
    {
        if (!IsId(id))
        {
            throw new ArgumentException(
                $"'{id}' is not possible as the id of an error code: write upper-case letters and digits behind them, such as ACME12.",
                nameof(id));
        }

        Id = id;
        Title = title;
        HelpLink = helpLink ?? (id.StartsWith(Reserved, StringComparison.Ordinal) ? $"{HelpRoot}{id}.md" : null);
    }

    /// <summary>The code of an error for which a connector or an operator declares none.</summary>
    public static PipelineErrorCode Custom => ErrorCodes.Custom;

    /// <summary>The code as messages and logs show it, such as <c>PSR203</c>.</summary>
    public string Id { get; }

    /// <summary>The kind of mistake in a few words.</summary>
    public string Title { get; }

    /// <summary>The page that explains it; null where there is none.</summary>
    public string? HelpLink { get; }

    /// <summary>Whether a text has the form of an id.</summary>
    internal static bool IsId(ReadOnlySpan<char> text)
    {
        var digits = text.TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        return digits.Length > 0 && digits.Length < text.Length && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
