using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Penstock.S3;

/// <summary>Creates clients.</summary>
internal static class S3Clients
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>
    /// Creates a client that sends each request once. <see cref="S3Retry"/> repeats requests, because only some may be repeated.
    /// </summary>
    /// <param name="options">The options for the connection to the server.</param>
    /// <param name="http">A replacement for the HTTP client, for tests.</param>
    /// <exception cref="PipelineException">The region is unknown.</exception>
    public static IAmazonS3 Create(S3Options options, HttpClientFactory? http = null)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 0,
            ForcePathStyle = options.ForcePathStyle ?? options.ServiceUrl != null,

            // Checkpoints have their own checksums, and many other servers do not support those of AWS.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = http,
        };
        if (options.ServiceUrl != null)
        {
            config.ServiceURL = options.ServiceUrl;
            config.AuthenticationRegion = options.Region ?? DefaultRegion;
        }
        else if (options.Region != null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        try
        {
            return new AmazonS3Client(config);
        }
        catch (AmazonClientException error)
        {
            throw new PipelineException(
                S3ErrorCodes.WrongConfiguration,
                $"No client for S3 can be created: "
                    + $"{error.Message} Set {S3OptionsReader.Section}:Region, or {S3OptionsReader.Section}:ServiceUrl for another server "
                    + $"than that of AWS.",
                error);
        }
    }
}
