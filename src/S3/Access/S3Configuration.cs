namespace Penstock.S3;

/// <summary>The configuration callback that was passed to <c>AddPenstockS3</c>.</summary>
internal sealed record S3Configuration(Action<S3Options> Configure);
