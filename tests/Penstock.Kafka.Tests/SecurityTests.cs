using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>
/// Passwords, permissions and certificates: what works, and which error is reported, without a long wait, if something is missing.
/// </summary>
public sealed class SecurityTests(SecureBroker secure) : IClassFixture<SecureBroker>
{
    private const int Rows = 50;

    // The shortest timeout of the client is ten seconds; an error that is not recognized would appear only after such a timeout.
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(9);

    private readonly string _user = secure.NewUser();
    private string _input = "";
    private string _output = "";

    [Theory]
    [InlineData("ExactlyOnce", true)]
    [InlineData("ExactlyOnce", false)]
    [InlineData("AtLeastOnce", false)]
    public async Task A_user_with_a_password_reads_and_writes(string delivery, bool inCode)
    {
        using var job = await NewJobAsync(delivery);
        await AllowAsync();
        if (inCode)
        {
            job.Configure = builder => builder.AddPenstockKafka(options =>
            {
                options.Client.SecurityProtocol = SecurityProtocol.SaslPlaintext;
                options.Client.SaslMechanism = SaslMechanism.Plain;
                options.Client.SaslUsername = _user;
                options.Client.SaslPassword = SecureBroker.Password;
            });
        }
        else
        {
            LogIn(job);
        }

        await FinishAsync(job);
        Assert.Equal(Rows, secure.Broker.ReadAll(_output).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-and-more")]
    public async Task A_password_is_in_no_log_and_no_error_even_if_the_client_logs_everything(string more)
    {
        using var job = await NewJobAsync("ExactlyOnce");
        await AllowAsync();
        LogIn(job, SecureBroker.Password + more);
        job.SetKafka("Client:debug", "all");
        job.Configure = static builder => builder.Logging.SetMinimumLevel(LogLevel.Trace);
        var (state, error) = await EndAsync(job);

        Assert.Equal(more.Length > 0 ? PipelineState.Failed : PipelineState.Finished, state);
        if (more.Length > 0)
        {
            Assert.Contains("Invalid username or password", error, StringComparison.Ordinal);
            Assert.Contains(
                "correct sasl.username, sasl.password and sasl.mechanism of the client (Penstock:Kafka:Client)",
                error,
                StringComparison.Ordinal);
        }

        Assert.True(job.Logs.Count > 100, "The client tells nothing.");
        Assert.DoesNotContain(job.Logs, static log => log.Contains(SecureBroker.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(SecureBroker.Password, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "ExactlyOnce",
        "describe the input",
        "source 'Clicks': Broker: Topic authorization failed. Allow the user of this client to read the topic '{0}': the operation Read.")]
    [InlineData("ExactlyOnce", "read the input", "Allow the user of this client to read the topic '{0}': the operation Read.")]
    [InlineData(
        "ExactlyOnce",
        "describe the output",
        "sink 'Counts/counts': Broker: Topic authorization failed. Allow the user of this client to write to the topic '{1}': the operation Write, and for the delivery ExactlyOnce also Read")]
    [InlineData("ExactlyOnce", "write the output", "Allow the user of this client to write to the topic '{1}': the operation Write")]
    [InlineData(
        "ExactlyOnce",
        "read the output",
        "the topic '{1}': the operation Write, and for the delivery ExactlyOnce also Read, because the marker of a sink is an offset of its topic.")]
    [InlineData(
        "ExactlyOnce",
        "use transactions",
        "Allow the user of this client to use the transactional id 'penstock-{2}-Counts/counts': the operation Write, best for all that begin with 'penstock-'.")]
    [InlineData(
        "ExactlyOnce",
        "know the group",
        "Allow the user of this client to read the consumer group 'penstock-{2}-Counts/counts': the operation Read, best for all groups that begin with 'penstock-'.")]
    [InlineData(
        "ExactlyOnce",
        "read the group",
        "Allow the user of this client to read the consumer group 'penstock-{2}-Counts/counts': the operation Read")]
    [InlineData("AtLeastOnce", "describe the output", "Allow the user of this client to write to the topic '{1}': the operation Write")]
    [InlineData("AtLeastOnce", "write the output", "Allow the user of this client to write to the topic '{1}': the operation Write")]
    [InlineData("None", "write the output", "Allow the user of this client to write to the topic '{1}': the operation Write")]
    public async Task What_a_user_may_not_do_is_named_with_what_to_allow(string delivery, string missing, string message)
    {
        using var job = await NewJobAsync(delivery);
        await AllowAsync(missing);
        LogIn(job);
        var (state, error) = await EndAsync(job);

        Assert.Equal(PipelineState.Failed, state);
        var id = error.IndexOf("'penstock-", StringComparison.Ordinal) is >= 0 and var at
            ? error.Substring(at + "'penstock-".Length, Guid.Empty.ToString().Length)
            : "";
        Assert.Contains(message.Replace("{0}", _input, StringComparison.Ordinal)
            .Replace("{1}", _output, StringComparison.Ordinal)
            .Replace("{2}", id, StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Empty(secure.Broker.ReadAll(_output));
    }

    [Theory]
    [InlineData("AtLeastOnce", "read the output")]
    [InlineData("AtLeastOnce", "use transactions")]
    [InlineData("AtLeastOnce", "know the group")]
    public async Task What_is_not_needed_need_not_be_allowed(string delivery, string missing)
    {
        using var job = await NewJobAsync(delivery);
        await AllowAsync(missing);
        LogIn(job);
        await FinishAsync(job);
        Assert.Equal(Rows, secure.Broker.ReadAll(_output).Count);
    }

    [Theory]
    [InlineData("StartFrom", "Group")]
    [InlineData("CommitOffsets", "true")]
    public async Task A_source_that_uses_its_group_must_be_allowed_to(string option, string value)
    {
        using var job = await NewJobAsync("AtLeastOnce");
        await AllowAsync("know the group");
        LogIn(job);
        job["Sources:Clicks:" + option] = value;
        job["Sources:Clicks:Until"] = "Never";
        var (state, error) = await EndAsync(job);
        Assert.Equal(PipelineState.Failed, state);
        Assert.Contains(
            "source 'Clicks': FindCoordinator response error: Group authorization failed. Allow the user of this client to read the consumer group 'penstock-ClickCounts-Clicks': the operation Read.",
            error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ExactlyOnce")]
    [InlineData("AtLeastOnce")]
    public async Task A_broker_whose_certificate_is_trusted_is_read_and_written(string delivery)
    {
        using var job = await NewJobAsync(delivery);
        Secure(job, secure.SecureAddress, secure.Authority);
        await FinishAsync(job);
        Assert.Equal(Rows, secure.Broker.ReadAll(_output).Count);
    }

    [Fact]
    public async Task A_broker_whose_certificate_another_authority_has_signed_is_not_trusted()
    {
        using var job = await NewJobAsync("ExactlyOnce");
        Secure(job, secure.SecureAddress, secure.OtherAuthority);
        var (state, error) = await EndAsync(job);
        Assert.Equal(PipelineState.Failed, state);
        Assert.Contains("certificate verify failed", error, StringComparison.Ordinal);
        Assert.Contains(
            "set ssl.ca.location of the client (Penstock:Kafka:Client) to a PEM file with the certificate of the authority that has signed the broker's",
            error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_error_of_a_client_without_security_names_the_protocol_setting(bool isTls)
    {
        using var job = await NewJobAsync("ExactlyOnce");
        job.SetKafka("Client:bootstrap.servers", isTls ? secure.SecureAddress : secure.PasswordAddress);
        var (_, error) = await EndAsync(job);
        Assert.Contains("does not answer: ", error, StringComparison.Ordinal);
        Assert.Contains("is it of the security.protocol that the client is set to?", error, StringComparison.Ordinal);
    }

    private static async Task FinishAsync(Job<ClickCounts> job)
    {
        var status = await job.RunAsync();
        Assert.True(status.State == PipelineState.Finished, string.Join("\n", job.Logs));
    }

    /// <summary>Runs a job until it has ended, or has an error.</summary>
    private static async Task<(PipelineState State, string Error)> EndAsync(Job<ClickCounts> job)
    {
        var clock = Stopwatch.StartNew();
        using var host = job.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();

        // Some of the tests expect an error, so it does not fail the wait.
        await Waiting.UntilAsync(() => monitor.GetStatus() is { Error: not null } or { State: PipelineState.Finished }, static () => null);
        var status = monitor.GetStatus();
        Assert.True(clock.Elapsed < Quick, $"It took {clock.Elapsed}.");
        await host.StopAsync();
        return (status.State, status.Error?.ToString() ?? "");
    }

    private static void Secure(Job<ClickCounts> job, string address, string authority)
    {
        job.SetKafka("Client:bootstrap.servers", address);
        job.SetKafka("Client:security.protocol", "ssl");
        job.SetKafka("Client:ssl.ca.location", authority);
    }

    private void LogIn(Job<ClickCounts> job, string password = SecureBroker.Password)
    {
        job.SetKafka("Client:security.protocol", "sasl_plaintext");
        job.SetKafka("Client:sasl.mechanism", "PLAIN");
        job.SetKafka("Client:sasl.username", _user);
        job.SetKafka("Client:sasl.password", password);
    }

    private Task AllowAsync(string but = "")
    {
        return secure.AllowAsync(
        [
            .. SecureBroker.Topic(_user, _input, Of("input", AclOperation.Read)),
            .. SecureBroker.Topic(_user, _output, Of("output", AclOperation.Write, AclOperation.Read)),
            .. SecureBroker.Groups(_user, Of("group", AclOperation.Read)),
            .. but == "use transactions" ? [] : SecureBroker.Transactions(_user),
        ]);

        // Permission to read or write includes permission to describe.
        AclOperation[] Of(string what, params AclOperation[] operations) => but == $"describe the {what}" || but == $"know the {what}" ? []
            : but == $"read the {what}" ? [AclOperation.Describe, .. operations.Where(static operation => operation != AclOperation.Read)]
            : but == $"write the {what}" ? [AclOperation.Describe, .. operations.Where(static operation => operation != AclOperation.Write)]
            : operations;
    }

    private async Task<Job<ClickCounts>> NewJobAsync(string delivery)
    {
        _input = await secure.Broker.CreateTopicAsync();
        _output = await secure.Broker.CreateTopicAsync();
        Produce(secure.Broker, _input, Rows);
        return new Job<ClickCounts>(secure.PasswordAddress)
        {
            ["Sources:Clicks:Topics"] = _input,
            ["Sources:Clicks:Until"] = "Latest",
            ["Sinks:Counts:Topic"] = _output,
            ["Sinks:Counts:Delivery"] = delivery,
            ["Checkpoints:Interval"] = "50ms",
        };
    }
}
