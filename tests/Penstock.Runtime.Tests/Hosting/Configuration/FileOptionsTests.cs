using Penstock.Hosting;
using Penstock.Runtime.Tests.Hosting.Places;
using Penstock.Runtime.Tests.Sources.Columns;

namespace Penstock.Runtime.Tests.Hosting.Configuration;

/// <summary>A file option for a source or sink without files stops the start, because it would have no effect.</summary>
public sealed class FileOptionsTests
{
    [Fact]
    public void A_source_of_a_class_has_none()
    {
        var options = new PipelineOptions();
        options.Sources["meters"] = new SourceOptions
        {
            Path = "in.csv",
            SplitSize = 1,
            MultiLine = true,
            Poll = TimeSpan.FromSeconds(1),
            SkipFiles = ["in.csv"],
            Rate = 1,
        };
        string[] expected = ["Path", "SplitSize", "MultiLine", "Poll", "SkipFiles"];
        Assert.Equal(
            expected.Select(static option =>
                $"Sources:meters:{option} is set, but 'Meters' reads no files, so it would have no effect. Remove it: where the source reads is said by its attribute or class."),
            ProblemsOf<MeterPipeline>(options));
    }

    [Fact]
    public void A_sink_of_a_class_has_none()
    {
        var options = new PipelineOptions();
        var sink = MeterPipeline.Plan.Nodes.First(static node => node.Kind == PlanNodeKind.Sink);
        options.Sinks[sink.Id] = new SinkOptions { Path = "out.csv", RollSize = 1 };
        Assert.Equal(
            [
                $"Sinks:{sink.Id}:Path is set, but '{sink.Id}' writes no files, so it would have no effect. Remove it: where the sink writes is said by its attribute or class.",
                $"Sinks:{sink.Id}:RollSize is set, but '{sink.Id}' writes no files, so it would have no effect. Remove it: where the sink writes is said by its attribute or class.",
            ],
            ProblemsOf<MeterPipeline>(options));
    }

    [Fact]
    public void Files_have_all_of_them()
    {
        var options = new PipelineOptions();
        options.Sources["Clicks"] = new SourceOptions
        {
            Path = "in.csv",
            SplitSize = 1,
            MultiLine = true,
            Poll = TimeSpan.FromSeconds(1),
            SkipFiles = ["in.csv"]
        };
        options.Sinks["Clicks"] = new SinkOptions { Path = "out.csv", RollSize = 1 };
        Assert.Empty(ProblemsOf<CopyClicks>(options));
    }

    [Fact]
    public void Of_several_sinks_of_a_stream_one_with_files_is_enough()
    {
        var options = new PipelineOptions();
        options.Sinks["Clicks"] = new SinkOptions { RollSize = 1 };
        var other = new PlanNode("Clicks/other", PlanNodeKind.Sink, "other", ["Clicks"], "Click");
        var problems = new List<string>();
        OptionsValidator.Validate(options, CopyClicks.Plan with { Nodes = [other, .. CopyClicks.Plan.Nodes] }, problems);
        Assert.Empty(problems);
    }

    private static List<string> ProblemsOf<TPipeline>(PipelineOptions options)
        where TPipeline : IPipeline
    {
        var problems = new List<string>();
        OptionsValidator.Validate(options, TPipeline.Plan, problems);
        return problems;
    }
}
