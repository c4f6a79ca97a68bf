using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Docs.Tests;

/// <summary>
/// The parts of the guides to hosting and deployment are consistent: variables match options, probes match endpoints, and the grace period
/// is longer than the timeout.
/// </summary>
public sealed partial class DeploymentTests
{
    private static readonly Page Hosting = Page.Load("docs/hosting.md");
    private static readonly Page Deployment = Page.Load("docs/deployment.md");

    private static readonly string Manifest = Deployment.Blocks("yaml")[0].Code;

    [Fact]
    public void Environment_variables_are_options()
    {
        var shell = Export()
            .Matches(Hosting.Blocks("sh")[0].Code)
            .Select(static match => (match.Groups[1].Value, match.Groups[2].Value.Trim('\'')));
        var variables = Variable().Matches(Manifest)
            .Select(static match => (match.Groups[1].Value, match.Groups[2].Value))
            .Concat(shell)
            .ToList();
        Assert.True(variables.Count >= 8);
        foreach (var (name, value) in variables)
        {
            var problems = new List<string>();
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create(name.Replace("__", ":", StringComparison.Ordinal), (string?)value)])
                .Build();
            new OptionsBinder(problems).Bind(configuration.GetSection("Penstock:Pipelines:SiteVisits"), new PipelineOptions());
            Assert.Empty(problems);
            Assert.NotEmpty(configuration.GetSection("Penstock:Pipelines:SiteVisits").GetChildren());
        }
    }

    [Fact]
    public void Probes_ask_for_endpoints_that_the_application_has()
    {
        var paths = ProbePath().Matches(Manifest).Select(static match => match.Groups[1].Value).ToList();
        Assert.Equal(3, paths.Count);
        Assert.All(
            paths,
            static path => Assert.Contains($"MapHealthChecks(\"{path}\"", Hosting.Blocks("csharp")[0].Code, StringComparison.Ordinal));
    }

    [Fact]
    public void The_grace_period_leaves_time_for_the_last_checkpoint_and_the_end_of_the_host()
    {
        var grace = int.Parse(Grace().Match(Manifest).Groups[1].Value, CultureInfo.InvariantCulture);
        var timeout = int.Parse(Timeout().Match(Manifest).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(grace, timeout + 10, timeout + 60);
    }

    [Fact]
    public void The_manifest_is_indented_by_two_blanks()
    {
        Assert.DoesNotContain('\t', Manifest);
        Assert.DoesNotContain(Manifest.Split('\n'), static line => (line.Length - line.TrimStart().Length) % 2 != 0);
    }

    [GeneratedRegex(@"- name: (Penstock__\S+)\n\s+value: ""([^""]*)""")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^export (Penstock__\w+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Export();

    [GeneratedRegex(@"^\s+path: (/\S+)$", RegexOptions.Multiline)]
    private static partial Regex ProbePath();

    [GeneratedRegex(@"terminationGracePeriodSeconds: (\d+)")]
    private static partial Regex Grace();

    [GeneratedRegex(@"ShutdownTimeout\n\s+value: ""(\d+)s""")]
    private static partial Regex Timeout();
}
