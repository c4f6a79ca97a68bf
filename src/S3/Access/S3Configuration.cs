namespace Penstock.S3;

/// <summary>What <c>AddPenstockS3</c> was told.</summary>
internal sealed record S3Configuration(Action<S3Options> Configure);
