using Penstock.Hosting;
using Penstock.Runtime.Tests.Hosting.Places;

namespace Penstock.Runtime.Tests.Hosting.Configuration;

/// <summary>
/// A configured path may declare that files are compressed, but not that they have another format than the pipeline was built for.
/// </summary>
public sealed class ConfiguredFormatTests
{
    [Theory]
    [InlineData("Clicks", "data/out.jsonl", "JSON Lines")]
    [InlineData("Clicks", "data/out.JSONL.gz", "JSON Lines")]
    [InlineData("Clicks/out/clicks.csv", "s3://bucket/out.jsonl", "JSON Lines")]
    public void A_sink_does_not_write_files_under_a_name_of_another_format(string id, string path, string said)
    {
        var options = new PipelineOptions();
        options.Sinks[id] = new SinkOptions { Path = path };
        Assert.Equal(
            [$"Sinks:{id}:Path is '{path}', which is a name for {said}, but the pipeline was built to write CSV there ('out/clicks.csv'). Choose a name that ends in .csv or .csv.gz, or change the path or the Format of the attribute."],
            ProblemsOf<CopyClicks>(options));
    }

    [Theory]
    [InlineData("in.jsonl")]
    [InlineData("in/*.jsonl.gz")]
    [InlineData("s3://bucket/in/*.jsonl")]
    public void A_source_does_not_read_files_of_another_format(string path)
    {
        var options = new PipelineOptions();
        options.Sources["Clicks"] = new SourceOptions { Path = path };
        Assert.StartsWith(
            $"Sources:Clicks:Path is '{path}', which is a name for JSON Lines, but the pipeline was built to read CSV there ('in/*.csv').",
            Assert.Single(ProblemsOf<CopyClicks>(options)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_format_that_the_attribute_gives_counts()
    {
        var options = new PipelineOptions();
        options.Sinks["Clicks"] = new SinkOptions { Path = "out.csv" };
        Assert.Contains(
            "but the pipeline was built to write JSON Lines there ('out/clicks')",
            Assert.Single(ProblemsOf<CopyClicksAsJson>(options)),
            StringComparison.Ordinal);
        options.Sinks["Clicks"] = new SinkOptions { Path = "out.jsonl.gz" };
        Assert.Empty(ProblemsOf<CopyClicksAsJson>(options));
    }

    [Theory]
    [InlineData("out/copy.csv")]
    [InlineData("out/copy.CSV.gz")]
    [InlineData("out/copy.txt")]
    [InlineData("out/copy")]
    [InlineData("out/jsonl")]
    public void Names_that_say_nothing_else_are_taken(string path)
    {
        var options = new PipelineOptions();
        options.Sinks["Clicks"] = new SinkOptions { Path = path };
        options.Sources["Clicks"] = new SourceOptions { Path = path };
        Assert.Empty(ProblemsOf<CopyClicks>(options));
    }

    private static List<string> ProblemsOf<TPipeline>(PipelineOptions options)
        where TPipeline : IPipeline
    {
        var problems = new List<string>();
        OptionsValidator.Validate(options, TPipeline.Plan, problems);
        return problems;
    }
}
