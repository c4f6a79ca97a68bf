namespace Penstock.S3;

/// <summary>An object, or a pattern of objects: a place and what comes behind it.</summary>
/// <param name="Location">The bucket and what all keys begin with.</param>
/// <param name="Name">The rest of the key; empty for the place itself.</param>
internal sealed record S3Path(S3Location Location, string Name)
{
    private const string Beginning = S3Location.Scheme + "://";

    /// <summary>Reads <c>s3://bucket/prefix/name</c>.</summary>
    /// <exception cref="PipelineException">It is something else.</exception>
    public static S3Path Parse(string path)
    {
        var slash = path.LastIndexOf('/');
        return Is(path) && slash >= Beginning.Length
            ? new S3Path(S3Location.Parse(path[..slash]), path[(slash + 1)..])
            : new S3Path(S3Location.Parse(path), "");
    }

    /// <summary>Whether a path is one of S3.</summary>
    public static bool Is(string path) => path.StartsWith(Beginning, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of an object.</summary>
    public static string AddressOf(S3Location location, string name) => $"{Beginning}{location.Bucket}/{location.Prefix}{name}";
}
