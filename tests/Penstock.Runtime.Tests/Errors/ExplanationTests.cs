using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Errors;

/// <summary>Errors contain their place, and no more of a row than is allowed.</summary>
public sealed class ExplanationTests
{
    private const string Private = "secret";

    private readonly ServiceCollection _services = new();

    [Fact]
    public async Task A_missing_service_ends_the_pipeline_and_says_which_operator_needs_it()
    {
        var (error, restarts) = await RunAsync<FragilePipeline>("ann,2024-01-01,1");
        Assert.Equal(0, restarts);
        Assert.IsType<PipelineException>(error);
        Assert.Contains(
            "Pipeline 'Test': operator 'Out: Fragile' needs the service Penstock.Runtime.Tests.Trouble, which is not available: it is not registered.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_with_an_unavailable_dependency_is_named()
    {
        _services.AddSingleton<Trouble, DeepTrouble>();
        var (error, restarts) = await RunAsync<FragilePipeline>("ann,2024-01-01,1");
        Assert.Equal(0, restarts);
        Assert.IsType<PipelineException>(error);
        Assert.Contains("operator 'Out: Fragile' needs the service", error.Message, StringComparison.Ordinal);
        Assert.Contains("Unable to resolve service for type 'System.Text.StringBuilder'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_test_the_remedy_is_the_test_s()
    {
        var error = Assert.Throws<PipelineException>(() => PipelineTest.For<FragilePipeline>());
        Assert.Contains("pass services to PipelineTest.For", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_with_keys_and_optional_ones_are_found()
    {
        _services.AddKeyedSingleton("key", new Trouble());
        var services = new DiagnosticServiceProvider(_services.BuildServiceProvider(), "Test", "operator 'Out'");
        Assert.NotNull(services.GetRequiredKeyedService<Trouble>("key"));
        Assert.Null(services.GetService<Trouble>());
        Assert.Null(services.GetKeyedService<Trouble>("other"));
        var error = Assert.Throws<PipelineException>(() => services.GetRequiredKeyedService<Trouble>("other"));
        Assert.Contains("not registered with the key 'other'", error.Message, StringComparison.Ordinal);
        using var scope = services.CreateScope();
        Assert.NotNull(scope);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bad_row_names_the_field_and_its_text_and_the_whole_row_only_where_it_may(bool includeRowText)
    {
        var (error, _) = await RunAsync<ClicksPipeline>($"ann,2024-01-01,1\n{Private},2024-01-01,much", includeRowText);
        var bad = Assert.IsType<BadRowException>(error);
        Assert.Contains(
            "Pipeline 'Test', source 'Clicks': /in/clicks.csv, line 3, column 'value': 'much' is not a whole number",
            bad.Message,
            StringComparison.Ordinal);
        Assert.Equal(includeRowText, bad.Message.Contains($"The row: {Private},2024-01-01,much", StringComparison.Ordinal));
        Assert.Equal(includeRowText, bad.Message.Contains(Private, StringComparison.Ordinal));
        Assert.Contains(Private, bad.Row.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_operator_that_fails_shows_the_row_only_if_configured(bool includeRowText)
    {
        _services.AddSingleton(new Trouble { Left = 2 });
        var (error, _) = await RunAsync<FragilePipeline>("ann,2024-01-01,-77", includeRowText);
        Assert.IsType<OperatorException>(error);
        Assert.Equal(includeRowText, error.Message.Contains("-77", StringComparison.Ordinal));
    }

    private async Task<(Exception Error, int Restarts)> RunAsync<T>(string rows, bool includeRowText = false)
        where T : class, IPipeline
    {
        var options = new PipelineOptions { IncludeRowText = includeRowText };
        options.Restart.MaxAttempts = 1;
        options.Restart.Delay = TimeSpan.FromMilliseconds(1);
        options.Sources["Clicks"] = new SourceOptions { Path = "/in/clicks.csv" };
        var environment = TestEnvironment.Create("Test", options) with
        {
            Services = _services.BuildServiceProvider(),
            Files = SourceReading.FileWith("/in/clicks.csv", Encoding.UTF8.GetBytes("user,at,value\n" + rows + "\n")),
        };
        var runner = environment.RunnerOf<T>();
        return ((await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None)))!, runner.Status().Restarts);
    }

    private sealed class DeepTrouble(StringBuilder missing) : Trouble
    {
        public override string ToString() => missing.ToString();
    }
}
