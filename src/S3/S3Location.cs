using System.Text.RegularExpressions;

namespace Penstock.S3;

/// <summary>A place for objects: a bucket, and what their keys begin with.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">Empty, or ends with a slash.</param>
internal sealed partial record S3Location(string Bucket, string Prefix)
{
    public const string Scheme = "s3";

    /// <summary>Reads <c>s3://bucket/prefix</c>.</summary>
    /// <exception cref="PipelineException">It is something else.</exception>
    public static S3Location Parse(string location)
    {
        var match = Pattern().Match(location);
        return match.Success
            ? new S3Location(match.Groups["bucket"].Value, match.Groups["prefix"].Value is { Length: > 0 } prefix ? prefix + "/" : "")
            : throw new PipelineException(
                $"'{location}' is not a place in S3. Write s3://bucket/prefix; a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, and a prefix has no empty parts.");
    }

    public override string ToString() => $"{Scheme}://{Bucket}/{Prefix}".TrimEnd('/');

    [GeneratedRegex(@"^(?i:s3)://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>[^/?#\s]+(/[^/?#\s]+)*)?)?/?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
