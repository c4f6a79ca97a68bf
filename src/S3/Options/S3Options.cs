namespace Penstock;

/// <summary>
/// How S3 is reached. Bound from <c>Penstock:S3</c> in configuration, which overrides code, and validated when a pipeline starts. Durations
/// are written like <c>500ms</c>, <c>10s</c>, <c>3m</c>, sizes like <c>8MB</c>. Credentials are no option: they come from where the AWS SDK
/// finds them (environment, profile, role of the machine).
/// </summary>
public sealed class S3Options
{
    /// <summary>
    /// The endpoint of another server than that of AWS, such as <c>http://localhost:9000</c>; without user and password. Default: none.
    /// </summary>
    public string? ServiceUrl { get; set; }

    /// <summary>
    /// The region, such as <c>eu-central-1</c>. Default: that of the environment or profile; with a <see cref="ServiceUrl"/>,
    /// <c>us-east-1</c>.
    /// </summary>
    public string? Region { get; set; }

    /// <summary>
    /// Whether the bucket stands in the path instead of the host name. Default: true with a <see cref="ServiceUrl"/>, else false.
    /// </summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>
    /// The size of the parts of large objects, in bytes: 5 MB to 512 MB. Default: 8 MB. An object has at most 10,000 parts.
    /// <see cref="Concurrency"/> + 1 parts are held in memory while a checkpoint is written, and two while one is read.
    /// </summary>
    public long PartSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many parts are sent at a time: 1 to 64. Default: 4.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>
    /// How often a request is tried while the server does not answer, or answers that it cannot for now: 1 to 1,000. Default: 60.
    /// </summary>
    public int MaxAttempts { get; set; } = 60;

    /// <summary>
    /// How long a request is tried, over all attempts: up to 1 hour. Default: 3 minutes. Whichever limit comes first counts.
    /// </summary>
    public TimeSpan RetryTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long one attempt may take, with its content: 100 ms to 1 hour. Default: 1 minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How old an unfinished upload must be to be aborted at a start, whatever job began it: at least 1 hour. Default: 24 hours. It must be
    /// longer than writing a checkpoint takes, since another process may be about it.
    /// </summary>
    public TimeSpan AbortUploadsAfter { get; set; } = TimeSpan.FromHours(24);
}
