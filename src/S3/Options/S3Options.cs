namespace Penstock;

/// <summary>
/// The options for access to S3. They are bound from the configuration section <c>Penstock:S3</c>, which overrides code, and validated when
/// a pipeline starts. Durations are written like <c>500ms</c>, <c>10s</c>, <c>3m</c>, sizes like <c>8MB</c>. There is no option for
/// credentials: the AWS SDK finds them (environment, profile, role of the machine).
/// </summary>
public sealed class S3Options
{
    /// <summary>
    /// The endpoint of a server other than AWS, such as <c>http://localhost:9000</c>, without user and password. Default: none.
    /// </summary>
    public string? ServiceUrl { get; set; }

    /// <summary>
    /// The region, such as <c>eu-central-1</c>. Default: that of the environment or profile; with a <see cref="ServiceUrl"/>,
    /// <c>us-east-1</c>.
    /// </summary>
    public string? Region { get; set; }

    /// <summary>
    /// <c>true</c> to put the bucket into the path of the URL instead of the host name. Default: <c>true</c> with a
    /// <see cref="ServiceUrl"/>, otherwise <c>false</c>.
    /// </summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>
    /// The size of the parts of large objects, in bytes: 5 MB to 512 MB. Default: 8 MB. An object has at most 10,000 parts.
    /// <see cref="Concurrency"/> + 1 parts are held in memory while a checkpoint is written, and two while one is read.
    /// </summary>
    public long PartSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>The number of parts sent in parallel: 1 to 64. Default: 4.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>
    /// The maximum number of attempts of a request while the server does not answer or returns a temporary error: 1 to 1,000. Default: 60.
    /// </summary>
    public int MaxAttempts { get; set; } = 60;

    /// <summary>
    /// The maximum time for a request over all attempts: up to 1 hour. Default: 3 minutes. A request fails when it reaches either this
    /// limit or <see cref="MaxAttempts"/>.
    /// </summary>
    public TimeSpan RetryTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The maximum time of one attempt, including its content: 100 ms to 1 hour. Default: 1 minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The age from which a start aborts an unfinished upload, whichever job began it: at least 1 hour. Default: 24 hours. It must be
    /// longer than writing a checkpoint takes, since another process may still be writing one.
    /// </summary>
    public TimeSpan AbortUploadsAfter { get; set; } = TimeSpan.FromHours(24);
}
