namespace Penstock;

/// <summary>
/// The code of a run-time error. A code stands for one kind of mistake with one remedy, and is the first word of the message of a
/// <see cref="PipelineException"/>, so that logs show it. Each code of Penstock has a page in <c>docs/errors</c>; a connector may define
/// its own codes.
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
    /// <param name="id">Upper-case letters followed by digits. The prefix <c>PSR</c> is reserved for Penstock.</param>
    /// <param name="title">The kind of mistake in a few words.</param>
    /// <param name="helpLink">
    /// The URL of a page that explains the code, or null if there is none. Codes of Penstock have their own pages.
    /// </param>
    /// <exception cref="ArgumentException">The id has another form.</exception>
    public PipelineErrorCode(string id, string title, string? helpLink = null)
    {
        if (!IsId(id))
        {
            throw new ArgumentException(
                $"'{id}' is not a valid id of an error code: use upper-case letters followed by digits, such as ACME12.",
                nameof(id));
        }

        Id = id;
        Title = title;
        HelpLink = helpLink ?? (id.StartsWith(Reserved, StringComparison.Ordinal) ? $"{HelpRoot}{id}.md" : null);
    }

    /// <summary>The code of errors for which a connector or an operator declares no code of its own.</summary>
    public static PipelineErrorCode Custom => ErrorCodes.Custom;

    /// <summary>The code as shown in messages and logs, such as <c>PSR203</c>.</summary>
    public string Id { get; }

    /// <summary>The kind of mistake in a few words.</summary>
    public string Title { get; }

    /// <summary>The URL of the page that explains the code, or null if there is none.</summary>
    public string? HelpLink { get; }

    /// <summary>Determines whether a text has the form of an id.</summary>
    internal static bool IsId(ReadOnlySpan<char> text)
    {
        var digits = text.TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        return digits.Length > 0 && digits.Length < text.Length && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
