using System.Text.RegularExpressions;

namespace Penstock.S3;

/// <summary>A location of objects: a bucket and the common prefix of their keys.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">Empty, or ends with a slash.</param>
internal sealed partial record S3Location(string Bucket, string Prefix)
{
    public const string Scheme = "s3";

    /// <summary>
    /// Parses <c>s3://bucket/prefix</c>. The prefix is used literally: nothing in it is decoded, and no character has a special meaning.
    /// </summary>
    /// <exception cref="PipelineException">The text has another form.</exception>
    public static S3Location Parse(string location)
    {
        var match = Pattern().Match(location);
        if (!match.Success)
        {
            throw new PipelineException(
                S3ErrorCodes.ImpossiblePath,
                $"'{location}' is not a place in S3. Write s3://bucket/prefix; a bucket's name has 3 to 63 lower-case letters, digits, "
                    + $"dots and hyphens.");
        }

        var prefix = match.Groups["prefix"].Value;
        return FindProblem(prefix) is { } reason
            ? throw new PipelineException(
                S3ErrorCodes.ImpossiblePath,
                $"'{location}' is not a possible place in S3: {reason}. Write s3://bucket/prefix.")
            : new S3Location(match.Groups["bucket"].Value, prefix.Length == 0 ? "" : prefix + "/");
    }

    public override string ToString() => $"{Scheme}://{Bucket}/{Prefix}".TrimEnd('/');

    // Clients and servers remove the segments "." and ".." from an address before they use it.
    private static string? FindProblem(string prefix) =>
        prefix.Length == 0 ? null
        : prefix.Split('/').Contains("") ? "its prefix has an empty part"
        : prefix.Split('/').Any(static part => part is "." or "..") ? "its prefix has a part '.' or '..'"
        : prefix.Any(char.IsControl) ? "its prefix has a control character"
        : null;

    [GeneratedRegex(
        @"^(?i:s3)://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>.*?)/?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
