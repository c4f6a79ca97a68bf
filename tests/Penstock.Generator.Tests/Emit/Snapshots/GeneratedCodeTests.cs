using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Snapshots;

/// <summary>Whole generated pipelines, reviewed as snapshots.</summary>
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
    [InlineData("Reminders")]
    [InlineData("Scores")]
    [InlineData("Metering")]
    [InlineData("Sliding")]
    [InlineData("Visits")]
    [InlineData("Stragglers")]
    [InlineData("Clocks")]
    public void Whole_pipeline(string sample)
    {
        var result = TestCompiler.BuildSample(sample).AssertClean();

        Snapshot.Verify($"Emit/Snapshots/{nameof(GeneratedCodeTests)}.{sample}", result.Run.Results.Single().GeneratedSources
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
    [InlineData("Reminders")]
    [InlineData("Scores")]
    [InlineData("Metering")]
    [InlineData("Sliding")]
    [InlineData("Visits")]
    [InlineData("Stragglers")]
    [InlineData("Clocks")]
    public void A_blank_line_follows_every_member_with_a_body(string sample)
    {
        var result = TestCompiler.BuildSample(sample);
        Assert.All(
            result.Run.Results.Single().GeneratedSources,
            static source => Assert.DoesNotMatch(MemberBehindMember(), source.SourceText.ToString()));
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
    [InlineData("Reminders")]
    [InlineData("Scores")]
    [InlineData("Metering")]
    [InlineData("Sliding")]
    [InlineData("Visits")]
    [InlineData("Stragglers")]
    [InlineData("Clocks")]
    public void No_line_is_too_long_to_be_read(string sample)
    {
        var result = TestCompiler.BuildSample(sample);
        var lines = result.Run.Results.Single().GeneratedSources.SelectMany(static source => source.SourceText.ToString().Split('\n'));
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 140));
    }

    [Fact]
    public void Each_file_of_a_pipeline_of_one_operator_is_a_page()
    {
        var result = TestCompiler.BuildSample("Clicks").AssertClean();
        string[] many = ["Samples.Clicks.ClickCounts.Codecs.g.cs", "Samples.Clicks.ClickCounts.Testing.g.cs"];
        Assert.All(result.Files.Except(many), file => Assert.InRange(result.Text(file).Split('\n').Length, 1, 150));
    }

    [Fact]
    public void A_test_runs_the_tasks_of_production_that_it_does_not_look_into()
    {
        var tests = TestCompiler.BuildSample("Clicks").AssertClean().Text("Samples.Clicks.ClickCounts.Testing.g.cs");
        Assert.Contains("0 => new ClicksTestTask(context),", tests, StringComparison.Ordinal);
        Assert.Contains("1 => new CountsTask(context),", tests, StringComparison.Ordinal);
        Assert.DoesNotContain("class Counts", tests, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\}\n *(///|\[\w|public|protected|private|internal)")]
    private static partial Regex MemberBehindMember();
}
