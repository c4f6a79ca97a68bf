using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.S3;

/// <summary>
/// Binds <see cref="S3Options"/> without reflection, like the options of pipelines. A misspelled key is an error.
/// </summary>
internal sealed class S3OptionsReader
{
    public const string Section = "Penstock:S3";

    private const long Megabyte = 1024 * 1024;

    private readonly List<string> _problems = [];

    /// <summary>Reads the configuration into options that code has already set.</summary>
    /// <exception cref="PipelineException">The configuration is invalid; the message lists all problems.</exception>
    public static void Read(IConfiguration? configuration, S3Options options)
    {
        var reader = new S3OptionsReader();
        if (configuration != null)
        {
            reader.Bind(configuration.GetSection(Section), options);
        }

        reader.Validate(options);
        if (reader._problems.Count > 0)
        {
            throw new PipelineException(
                S3ErrorCodes.WrongConfiguration,
                $"The configuration of S3 ({Section}) is wrong:\n- " + string.Join("\n- ", reader._problems));
        }
    }

    private void Bind(IConfigurationSection section, S3Options options)
    {
        foreach (var entry in section.GetChildren())
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "SERVICEURL": options.ServiceUrl = entry.Value; break;
                case "REGION": options.Region = entry.Value; break;
                case "FORCEPATHSTYLE": options.ForcePathStyle = Boolean(entry) ?? options.ForcePathStyle; break;
                case "PARTSIZE": options.PartSize = Size(entry) ?? options.PartSize; break;
                case "CONCURRENCY": options.Concurrency = Number(entry) ?? options.Concurrency; break;
                case "MAXATTEMPTS": options.MaxAttempts = Number(entry) ?? options.MaxAttempts; break;
                case "RETRYTIMEOUT": options.RetryTimeout = Duration(entry) ?? options.RetryTimeout; break;
                case "REQUESTTIMEOUT": options.RequestTimeout = Duration(entry) ?? options.RequestTimeout; break;
                case "ABORTUPLOADSAFTER": options.AbortUploadsAfter = Duration(entry) ?? options.AbortUploadsAfter; break;
                default: _problems.Add($"{entry.Path} is not an option of S3."); break;
            }
        }
    }

    private void Validate(S3Options options)
    {
        if (string.IsNullOrEmpty(options.ServiceUrl))
        {
            options.ServiceUrl = null;
        }
        else if (!Uri.TryCreate(options.ServiceUrl, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.Query != ""
            || url.Fragment != "")
        {
            _problems.Add("ServiceUrl is not an address; one such as http://localhost:9000 is expected.");
        }
        else if (url.UserInfo != "")
        {
            _problems.Add(
                "ServiceUrl holds a user name or password, which would show up in messages. Give credentials to the AWS SDK, such as in "
                    + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        }

        if (string.IsNullOrEmpty(options.Region))
        {
            options.Region = null;
        }

        Check(
            options.PartSize is >= 5 * Megabyte and <= 512 * Megabyte,
            $"PartSize is {options.PartSize} bytes; 5MB to 512MB are possible.");
        Check(options.Concurrency is >= 1 and <= 64, $"Concurrency is {options.Concurrency}; 1 to 64 are possible.");
        Check(options.MaxAttempts is >= 1 and <= 1000, $"MaxAttempts is {options.MaxAttempts}; 1 to 1000 are possible.");
        Check(
            options.RetryTimeout >= TimeSpan.Zero && options.RetryTimeout <= TimeSpan.FromHours(1),
            $"RetryTimeout is {options.RetryTimeout}; up to 1h is possible.");
        Check(
            options.RequestTimeout >= TimeSpan.FromMilliseconds(100) && options.RequestTimeout <= TimeSpan.FromHours(1),
            $"RequestTimeout is {options.RequestTimeout}; 100ms to 1h are possible.");
        Check(
            options.AbortUploadsAfter >= TimeSpan.FromHours(1),
            $"AbortUploadsAfter is {options.AbortUploadsAfter}; at least 1h is needed.");
    }

    private void Check(bool isRight, string problem)
    {
        if (!isRight)
        {
            _problems.Add(problem);
        }
    }

    private int? Number(IConfigurationSection entry) => Read(entry, SettingText.ParseInt32, SettingText.IntegerForm);

    private TimeSpan? Duration(IConfigurationSection entry) => Read(entry, SettingText.ParseDuration, SettingText.DurationForm);

    private long? Size(IConfigurationSection entry) => Read(entry, SettingText.ParseSize, SettingText.SizeForm);

    private bool? Boolean(IConfigurationSection entry) => Read(entry, SettingText.ParseBoolean, SettingText.BooleanForm);

    private T? Read<T>(IConfigurationSection entry, Func<string?, T?> read, string expected)
        where T : struct
    {
        var value = read(entry.Value);
        if (value == null)
        {
            _problems.Add($"{entry.Path} is '{entry.Value}'; {expected} is expected.");
        }

        return value;
    }
}
