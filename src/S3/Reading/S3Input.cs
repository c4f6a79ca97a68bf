using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using Amazon.Runtime;
using Penstock.Connectors;
using Penstock.Sources.Files;

namespace Penstock.S3;

/// <summary>Objects as input. Their fingerprint is length and ETag, and each read requires that ETag.</summary>
/// <param name="access">The access to S3.</param>
/// <param name="source">The id of the source, for messages.</param>
/// <param name="blockSize">The size of a read request in bytes.</param>
internal sealed class S3Input(S3Access access, string source, int blockSize) : IInputFiles
{
    private const string Separator = " bytes, ETag ";

    public IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions) =>
        SyncOverAsync.Wait(() => FindAsync(pattern, extensions));

    public IReadableFile OpenRead(string path, string fingerprint)
    {
        var (location, name) = S3Path.Parse(path);
        var separator = fingerprint.IndexOf(Separator, StringComparison.Ordinal);
        var length = long.Parse(fingerprint.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture);
        return new S3ReadableObject(access.Bucket(location), name, length, blockSize, fingerprint[(separator + Separator.Length)..]);
    }

    private async Task<IReadOnlyList<InputFile>> FindAsync(string pattern, IReadOnlyList<string> extensions)
    {
        var (location, name) = S3Path.Parse(pattern);
        if (location.Prefix.Contains('*', StringComparison.Ordinal))
        {
            throw new PipelineException(
                S3ErrorCodes.ImpossiblePath,
                $"Source '{source}': the path '{pattern}' has a wildcard before its last part. Wildcards can stand in the last part only: "
                    + $"use one source for each prefix.");
        }

        var bucket = access.Bucket(location);

        // A name with a wildcard is never that of a single object: an object of exactly this name, which is one of the matches, would hide
        // the others.
        if (name.IndexOfAny(['*', '?']) >= 0)
        {
            var matches = await SelectAsync(
                bucket,
                name[..name.IndexOfAny(['*', '?', '\\'])],
                found => FileSystemName.MatchesSimpleExpression(name, found, ignoreCase: false)).ConfigureAwait(false);
            return matches.Count > 0
                ? matches
                : throw NotFound($"no object in the S3 bucket '{location.Bucket}' at {bucket.Endpoint} matches '{pattern}'");
        }

        var single = name.Length > 0 ? await HeadAsync(bucket, name).ConfigureAwait(false) : null;
        if (single != null && HasOneOf(extensions, name))
        {
            return [single];
        }

        var folder = access.Bucket(S3Location.Parse(pattern));
        var listed = await SelectAsync(folder, "", found => HasOneOf(extensions, found)).ConfigureAwait(false);
        return (single, listed) switch
        {
            (null, { Count: > 0 }) => listed,
            (not null, []) => [single],

            // Either would hide the others. If one of them appears while its source polls, files that were read would count as deleted.
            (not null, _) => throw new PipelineException(
                S3ErrorCodes.ImpossiblePath,
                $"Source '{source}': in the S3 bucket '{location.Bucket}' at {bucket.Endpoint}, '{pattern}' is both an object and the "
                    + $"prefix of others, such as '{listed[0].Path}'. Move the object away, or end the path with a slash to read the "
                    + $"others."),
            _ => throw NotFound(
                $"in the S3 bucket '{location.Bucket}' at {bucket.Endpoint} there is neither an object '{pattern}' nor one directly below "
                    + $"it that ends with {string.Join(", ", extensions)}"),
        };
    }

    private static bool HasOneOf(IReadOnlyList<string> extensions, string name) =>
        extensions.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    private InputNotFoundException NotFound(string problem) =>
        new($"Source '{source}': {problem}. Put the input there, or correct the path (Sources:{source}:Path).");

    private static async Task<InputFile?> HeadAsync(S3Bucket bucket, string name)
    {
        try
        {
            var head = await bucket.HeadAsync(name).ConfigureAwait(false);
            return FileOf(bucket, name, head.ContentLength, head.ETag);
        }
        catch (AmazonServiceException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    // Skips hidden objects, which are the marks of sinks.
    private static async Task<List<InputFile>> SelectAsync(S3Bucket bucket, string beginning, Func<string, bool> isWanted) =>
    [
        .. (await bucket.ListObjectsAsync(beginning).ConfigureAwait(false))
            .Select(found => (Name: bucket.NameOf(found), Found: found))
            .Where(found => !found.Name.StartsWith('.') && isWanted(found.Name))
            .Select(found => FileOf(bucket, found.Name, found.Found.Size ?? 0, found.Found.ETag))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private static InputFile FileOf(S3Bucket bucket, string name, long length, string etag) =>
        new(S3Path.AddressOf(bucket.Location, name), string.Create(CultureInfo.InvariantCulture, $"{length}{Separator}{etag}"));
}
