using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

/// <summary>The reaction of a pipeline to each error of the client library.</summary>
public sealed partial class ErrorTableTests
{
    [Fact]
    public void Each_error_code_of_the_client_is_decided_once()
    {
        // The library has two names for one code.
        var codes = Enum.GetValues<ErrorCode>().Distinct().Order().ToList();
        Assert.InRange(codes.Count, 120, int.MaxValue);
        Assert.Equal(codes, ErrorTable.All.Select(static entry => entry.Key).Order());
    }

    [Fact]
    public void The_page_of_errors_says_the_same()
    {
        var page = File.ReadAllText(Path.Combine(Penstock.Tests.RepositoryFolder.Path, "docs", "connectors", "kafka-errors.md"));
        var decisions = new Dictionary<string, ErrorDecision>
        {
            ["passes"] = ErrorDecision.Passes,
            ["needs a person"] = ErrorDecision.NeedsPerson,
            ["poison row"] = ErrorDecision.PoisonRow
        };
        var rows = Row()
            .Matches(page)
            .Select(row => KeyValuePair.Create(Enum.Parse<ErrorCode>(row.Groups[1].Value), decisions[row.Groups[2].Value]));
        Assert.Equal(ErrorTable.All.OrderBy(static entry => entry.Key), rows.OrderBy(static entry => entry.Key));
    }

    [Theory]
    [InlineData(
        ErrorCode.InvalidRecord,
        "Fatal error: ProduceRequest for t [0] with 3 message(s) failed: Broker: Broker failed to validate record: unable to guarantee gap-less ordering")]
    [InlineData(ErrorCode.InvalidTimestamp, "ProduceRequest for t [0] failed: Broker: Invalid timestamp")]
    public void An_error_by_which_the_client_gives_up_is_decided_by_its_cause(ErrorCode cause, string reason)
    {
        Assert.Equal(ErrorDecision.PoisonRow, ErrorTable.Of(cause));
        Assert.True(KafkaErrors.IsFinal(new Error(ErrorCode.Local_GaplessGuarantee, reason)));
        Assert.False(KafkaErrors.IsFinal(new Error(ErrorCode.Local_GaplessGuarantee, "ProduceRequest for t [0] failed: Local: Timed out")));
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (passes|needs a person|poison row) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
