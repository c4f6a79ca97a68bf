using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>Whole generated pipelines, reviewed as people read them.</summary>
public sealed partial class GeneratedCodeTests
{
    [Theory]
    [InlineData("FlightDelays")]
    [InlineData("Shop")]
    [InlineData("Sessions")]
    [InlineData("Collections")]
    [InlineData("Clicks")]
    [InlineData("Movements")]
    [InlineData("Diamond")]
    [InlineData("Sorting")]
    [InlineData("Deliveries")]
    [InlineData("Stages")]
    [InlineData("Scores")]
    [InlineData("Metering")]
    [InlineData("Stragglers")]
    public void Whole_pipeline(string sample)
    {
        var result = TestCompiler.Build(Repository.Sample(sample)).AssertClean();

        Snapshot.Verify($"{nameof(GeneratedCodeTests)}.{sample}", result.Run.Results.Single().GeneratedSources
            .OrderBy(static source => source.HintName, StringComparer.Ordinal)
            .Select(static source => $"// File: {source.HintName}\n{source.SourceText}"));
    }

    [Theory]
    [InlineData("FlightDelays")]
    [InlineData("Shop")]
    [InlineData("Sessions")]
    [InlineData("Collections")]
    [InlineData("Clicks")]
    [InlineData("Movements")]
    [InlineData("Diamond")]
    [InlineData("Sorting")]
    [InlineData("Deliveries")]
    [InlineData("Stages")]
    [InlineData("Scores")]
    [InlineData("Metering")]
    [InlineData("Stragglers")]
    public void A_blank_line_follows_every_member_with_a_body(string sample)
    {
        var result = TestCompiler.Build(Repository.Sample(sample));
        Assert.All(result.Run.Results.Single().GeneratedSources, static source => Assert.DoesNotMatch(MemberBehindMember(), source.SourceText.ToString()));
    }

    [GeneratedRegex(@"\}\n *(///|\[global|public|protected|private|internal)")]
    private static partial Regex MemberBehindMember();
}
