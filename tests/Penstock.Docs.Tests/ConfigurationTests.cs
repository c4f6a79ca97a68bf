using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Docs.Tests;

/// <summary>The documentation of configuration matches the options.</summary>
public sealed class ConfigurationTests
{
    public static TheoryData<string> PagesWithJson => [.. Page.Names.Where(static name => Page.Load(name).Blocks("json").Count > 0)];

    [Theory]
    [MemberData(nameof(PagesWithJson))]
    public void Json_is_valid_and_its_options_exist(string name)
    {
        foreach (var block in Page.Load(name).Blocks("json"))
        {
            using var json = new MemoryStream(Encoding.UTF8.GetBytes(block.Code));
            var problems = new List<string>();
            foreach (var pipeline in new ConfigurationBuilder().AddJsonStream(json).Build().GetSection("Penstock:Pipelines").GetChildren())
            {
                new OptionsBinder(problems).Bind(pipeline, new PipelineOptions());
            }

            Assert.Empty(problems);
        }
    }

    [Fact]
    public void The_table_of_options_is_complete_and_names_the_defaults()
    {
        var options = new PipelineOptions();
        Assert.Equal(
            Describe("", options)
                .Concat(Describe("Checkpoints:", options.Checkpoints))
                .Concat(Describe("Savepoints:", options.Savepoints))
                .Concat(Describe("Restart:", options.Restart))
                .Concat(Describe("Health:", options.Health))
                .Concat(Describe("Streams:<stream>:", new StreamOptions()))
                .Concat(Describe("Sources:<stream>:", new SourceOptions()))
                .Concat(Describe("Sinks:<stream>:", new SinkOptions()))
                .Order(StringComparer.Ordinal),
            Page.Load("docs/operations.md")
                .Table("## Configuration")
                .Select(static row => $"{row[0]} = {row[1]}".TrimEnd())
                .Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Describe(string prefix, object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite)
            .Select(property => $"`{prefix}{property.Name}` = {Text(property.GetValue(options))}".TrimEnd());

    // Options without a default have an empty cell: they are off, or the attribute determines them.
    private static string Text(object? value) => value switch
    {
        null => "",
        TimeSpan time => $"`{Text(time)}`",
        bool truth => truth ? "`true`" : "`false`",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static string Text(TimeSpan time) =>
        time < TimeSpan.FromSeconds(1)
            ? $"{time.TotalMilliseconds}ms"
            : time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds}s" : $"{time.TotalMinutes}m";
}
