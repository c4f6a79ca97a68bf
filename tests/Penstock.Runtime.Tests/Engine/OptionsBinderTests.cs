using System.Text;
using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Runtime.Tests.Engine;

/// <summary>Durations as people write them, in configuration.</summary>
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
        Assert.Contains("MaxDelay is '5'; a duration such as 500ms, 10s or 28h is expected", Assert.Single(problems), StringComparison.Ordinal);
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
    public void A_limit_of_state_without_a_unit_is_refused()
    {
        var (options, problems) = Bind("""{ "StateLimit": "4000" }""");
        Assert.Null(options.StateLimit);
        Assert.Contains("StateLimit is '4000'; a size such as 64KB, 16MB or 1GB is expected", Assert.Single(problems), StringComparison.Ordinal);
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
