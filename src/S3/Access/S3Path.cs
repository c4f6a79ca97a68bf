namespace Penstock.S3;

/// <summary>An object, or a pattern of objects: a location and a name in it.</summary>
/// <param name="Location">The bucket and the common prefix of the keys.</param>
/// <param name="Name">The rest of the key; empty for the location itself.</param>
internal sealed record S3Path(S3Location Location, string Name)
{
    private const string Beginning = S3Location.Scheme + "://";

    /// <summary>Parses <c>s3://bucket/prefix/name</c>.</summary>
    /// <exception cref="PipelineException">The text has another form.</exception>
    public static S3Path Parse(string path)
    {
        var slash = path.LastIndexOf('/');
        return Is(path) && slash >= Beginning.Length
            ? new S3Path(S3Location.Parse(path[..slash]), path[(slash + 1)..])
            : new S3Path(S3Location.Parse(path), "");
    }

    /// <summary>Returns <c>true</c> if a path is an S3 path.</summary>
    public static bool Is(string path) => path.StartsWith(Beginning, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the address of an object.</summary>
    public static string AddressOf(S3Location location, string name) => $"{Beginning}{location.Bucket}/{location.Prefix}{name}";
}
