using System.Text;
using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Runtime.Tests.Hosting.Configuration;

/// <summary>Durations in configuration, as people write them.</summary>
public class OptionsBinderTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"0s\"")]
    public void Zero_needs_no_unit(string value)
    {
        var (options, problems) = Bind($$"""{ "Sources": { "Clicks": { "MaxDelay": {{value}} } }, "FlushInterval": {{value}} }""");
        Assert.Empty(problems);
        Assert.Equal(TimeSpan.Zero, options.Sources["Clicks"].MaxDelay);
        Assert.Equal(TimeSpan.Zero, options.FlushInterval);
    }

    [Fact]
    public void Another_number_needs_its_unit()
    {
        var (options, problems) = Bind("""{ "Sources": { "Clicks": { "MaxDelay": 5 } } }""");
        Assert.Null(options.Sources["Clicks"].MaxDelay);
        Assert.Contains(
            "MaxDelay is '5'; a duration such as 500ms, 10s or 28h is expected",
            Assert.Single(problems),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_has_a_parallelism_of_its_own()
    {
        var (options, problems) = Bind("""{ "Parallelism": 2, "Streams": { "Clicks": { "parallelism": "3" }, "Counts": {} } }""");
        Assert.Empty(problems);
        Assert.Equal((2, 3, null), (options.Parallelism, options.Streams["clicks"].Parallelism, options.Streams["Counts"].Parallelism));
        Assert.Equal(
            "Shop:Streams:Clicks:Paralelism is not an option of a pipeline.",
            Assert.Single(Bind("""{ "Streams": { "Clicks": { "Paralelism": 3 } } }""").Problems));
        Assert.Equal(
            "Shop:Streams:Clicks:Parallelism is 'many'; a whole number is expected.",
            Assert.Single(Bind("""{ "Streams": { "Clicks": { "Parallelism": "many" } } }""").Problems));
    }

    [Theory]
    [InlineData("4GB", 4L << 30)]
    [InlineData("64KB", 64L << 10)]
    public void A_limit_of_state_is_a_size(string value, long bytes)
    {
        var (options, problems) = Bind($$"""{ "StateLimit": "{{value}}" }""");
        Assert.Empty(problems);
        Assert.Equal(bytes, options.StateLimit);
    }

    [Fact]
    public void The_drift_is_a_duration_that_is_not_negative()
    {
        var (options, problems) = Bind("""{ "MaxDrift": "90m" }""");
        Assert.Empty(problems);
        Assert.Equal(TimeSpan.FromMinutes(90), options.MaxDrift);
        Assert.Null(Bind("{}").Options.MaxDrift);
        OptionsValidator.Validate(new PipelineOptions { MaxDrift = TimeSpan.FromTicks(-1) }, ClicksPipeline.Plan, problems);
        Assert.Equal("MaxDrift is negative.", Assert.Single(problems));
    }

    [Fact]
    public void A_limit_of_state_without_a_unit_is_refused()
    {
        var (options, problems) = Bind("""{ "StateLimit": "4000" }""");
        Assert.Null(options.StateLimit);
        Assert.Contains(
            "StateLimit is '4000'; a size such as 64KB, 16MB or 1GB is expected",
            Assert.Single(problems),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"in/a.csv\"", "in/a.csv")]
    [InlineData("[\"in/a.csv\", \"in/b, c.csv\"]", "in/a.csv|in/b, c.csv")]
    [InlineData("[]", null)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    public void Files_to_be_set_aside_are_one_or_a_list(string value, string? paths)
    {
        var (options, problems) = Bind($$"""{ "Sources": { "Clicks": { "SkipFiles": {{value}} } } }""");
        Assert.Empty(problems);
        Assert.Equal(paths?.Split('|'), options.Sources["Clicks"].SkipFiles);
    }

    [Theory]
    [InlineData("""{ "Checkpoints": "x" }""", "Shop:Checkpoints")]
    [InlineData("""{ "Savepoints": "x" }""", "Shop:Savepoints")]
    [InlineData("""{ "Restart": "x" }""", "Shop:Restart")]
    [InlineData("""{ "Health": "x" }""", "Shop:Health")]
    [InlineData("""{ "Sources": "x" }""", "Shop:Sources")]
    [InlineData("""{ "Sources": { "Clicks": "x" } }""", "Shop:Sources:Clicks")]
    [InlineData("""{ "Streams": "x" }""", "Shop:Streams")]
    [InlineData("""{ "Streams": { "Clicks": "x" } }""", "Shop:Streams:Clicks")]
    [InlineData("""{ "Sinks": "x" }""", "Shop:Sinks")]
    [InlineData("""{ "Sinks": { "Clicks": "x" } }""", "Shop:Sinks:Clicks")]
    [InlineData("\"x\"", "Shop")]
    public void A_value_where_a_section_is_expected_is_named(string pipeline, string key)
    {
        var (_, problems) = Bind(pipeline);
        Assert.StartsWith(
            $"{key} is 'x'; a section is expected, with keys such as {key}:",
            Assert.Single(problems),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Parallelism": { "Sub": 1 } }""", "Shop:Parallelism", "a whole number")]
    [InlineData("""{ "Streams": { "Clicks": { "Parallelism": { "Sub": 1 } } } }""", "Shop:Streams:Clicks:Parallelism", "a whole number")]
    [InlineData("""{ "StateLimit": { "Sub": 1 } }""", "Shop:StateLimit", "a size such as")]
    [InlineData("""{ "Checkpoints": { "Path": { "Sub": "x" } } }""", "Shop:Checkpoints:Path", "a single value")]
    [InlineData("""{ "Checkpoints": { "Path": ["x"] } }""", "Shop:Checkpoints:Path", "a single value")]
    [InlineData("""{ "Savepoints": { "Path": { "Sub": "x" } } }""", "Shop:Savepoints:Path", "a single value")]
    [InlineData("""{ "Savepoints": { "StartFrom": { "Sub": "x" } } }""", "Shop:Savepoints:StartFrom", "a single value")]
    [InlineData("""{ "Sources": { "Clicks": { "Path": { "Sub": "x" } } } }""", "Shop:Sources:Clicks:Path", "a single value")]
    [InlineData("""{ "Sources": { "Clicks": { "Idle": { "Sub": "x" } } } }""", "Shop:Sources:Clicks:Idle", "a duration such as")]
    [InlineData("""{ "Sinks": { "Clicks": { "Path": { "Sub": "x" } } } }""", "Shop:Sinks:Clicks:Path", "a single value")]
    public void A_section_where_a_value_is_expected_is_named(string pipeline, string key, string expected)
    {
        var (_, problems) = Bind(pipeline);
        var problem = Assert.Single(problems);
        Assert.StartsWith($"{key} is a section, with {key}:", problem, StringComparison.Ordinal);
        Assert.Contains($"; {expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_without_anything_are_fine() =>
        Assert.Empty(Bind("""{ "Checkpoints": {}, "Sources": null, "Sinks": { "Clicks": {} }, "Health": [] }""").Problems);

    [Theory]
    [InlineData("""{ "Checkpoints": { "Path": null } }""", "Shop:Checkpoints:Path")]
    [InlineData("""{ "Savepoints": { "Path": null } }""", "Shop:Savepoints:Path")]
    [InlineData("""{ "Savepoints": { "StartFrom": null } }""", "Shop:Savepoints:StartFrom")]
    [InlineData("""{ "Sources": { "Clicks": { "Path": null } } }""", "Shop:Sources:Clicks:Path")]
    [InlineData("""{ "Sources": { "Clicks": { "SkipFiles": ["a", null] } } }""", "Shop:Sources:Clicks:SkipFiles:1")]
    [InlineData("""{ "Sinks": { "Clicks": { "Path": null } } }""", "Shop:Sinks:Clicks:Path")]
    public void A_text_that_is_null_is_refused(string pipeline, string key) =>
        Assert.Equal($"{key} is null; a text is expected. Leave it out if it is not to be set.", Assert.Single(Bind(pipeline).Problems));

    [Theory]
    [InlineData("""{ "Restart": { "Strategy": "1" } }""", "Shop:Restart:Strategy is '1'; one of ")]
    [InlineData("""{ "Restart": { "Strategy": "+1" } }""", "Shop:Restart:Strategy is '+1'; one of ")]
    [InlineData("""{ "Sources": { "Clicks": { "OnBadRow": 2 } } }""", "Shop:Sources:Clicks:OnBadRow is '2'; one of ")]
    [InlineData("""{ "Sources": { "Clicks": { "OnBadRow": "Skip, Fail" } } }""", "Shop:Sources:Clicks:OnBadRow is 'Skip, Fail'; one of ")]
    [InlineData("""{ "Sources": { "Clicks": { "OnBadRow": " skip " } } }""", null)]
    public void A_choice_is_one_of_its_names(string pipeline, string? problem)
    {
        var problems = Bind(pipeline).Problems;
        Assert.Equal(problem == null ? 0 : 1, problems.Count);
        Assert.All(problems, found => Assert.StartsWith(problem!, found, StringComparison.Ordinal));
    }

    private static (PipelineOptions Options, List<string> Problems) Bind(string pipeline)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Shop": {{pipeline}} }"""));
        var problems = new List<string>();
        var options = new PipelineOptions();
        new OptionsBinder(problems).Bind(new ConfigurationBuilder().AddJsonStream(json).Build().GetSection("Shop"), options);
        return (options, problems);
    }
}
