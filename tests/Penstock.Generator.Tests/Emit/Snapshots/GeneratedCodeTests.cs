using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Snapshots;

/// <summary>Whole generated pipelines, reviewed as snapshots.</summary>
public sealed partial class GeneratedCodeTests
{
    public static TheoryData<string> Samples =>
    [
        "FlightDelays", "Shop", "Sessions", "Collections", "Clicks", "Movements", "Diamond", "Sorting", "Deliveries", "Stages", "Reminders",
        "Scores", "Metering", "Sliding", "Stragglers", "Clocks", "Firsts", "Visits", "Settlements", "Attribution", "Lookups", "Quotes",
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Whole_pipeline(string sample)
    {
        var result = TestCompiler.BuildSample(sample).AssertClean();

        Snapshot.Verify($"Emit/Snapshots/{nameof(GeneratedCodeTests)}.{sample}", result.Run.Results.Single().GeneratedSources
            .OrderBy(static source => source.HintName, StringComparer.Ordinal)
            .Select(static source => $"// File: {source.HintName}\n{source.SourceText}"));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_blank_line_follows_every_member_with_a_body(string sample)
    {
        var result = TestCompiler.BuildSample(sample);
        Assert.All(
            result.Run.Results.Single().GeneratedSources,
            static source => Assert.DoesNotMatch(MemberBehindMember(), source.SourceText.ToString()));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_line_is_too_long_to_be_read(string sample)
    {
        var result = TestCompiler.BuildSample(sample);
        var lines = result.Run.Results.Single().GeneratedSources.SelectMany(static source => source.SourceText.ToString().Split('\n'));
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 140));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_two_types_of_a_file_have_the_same_summary(string sample) =>
        Assert.Empty(EqualSummaries(TestCompiler.BuildSample(sample)));

    [Fact]
    public void Readers_and_writers_of_rows_of_one_type_say_what_differs() => Assert.Empty(EqualSummaries(TestCompiler.Build("""
        public readonly record struct Hit(string PageName, DateTime At);

        [Pipeline]
        public sealed partial class Job
        {
            [FileSource("first.csv"), FileSink("out/first.csv")]
            public partial Stream<Hit> First { get; }

            [FileSource("second.csv"), FileSink("out/second.csv", Naming = NamingPolicy.SnakeCase)]
            public partial Stream<Hit> Second { get; }

            [Penstock.KafkaSource("third"), Penstock.KafkaSink("out-third"), FileSink("out/third.jsonl")]
            public partial Stream<Hit> Third { get; }

            [Penstock.KafkaSource("fourth"), Penstock.KafkaSink("out-fourth")]
            public partial Stream<Hit> Fourth { get; }
        }
        """).AssertClean()));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Fields_come_before_methods(string sample)
    {
        var types = TestCompiler.BuildSample(sample).Run.GeneratedTrees
            .SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>());
        Assert.All(types, static type => Assert.DoesNotContain(
            type.Members.SkipWhile(static member => member is not MethodDeclarationSyntax),
            static member => member is FieldDeclarationSyntax));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_default_is_passed_off_as_a_value(string sample) => Assert.All(
        TestCompiler.BuildSample(sample).Run.GeneratedTrees,
        static tree => Assert.DoesNotContain("default!", tree.ToString(), StringComparison.Ordinal));

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

    private static IEnumerable<string> EqualSummaries(BuildResult result) => result.Run.GeneratedTrees.SelectMany(static tree =>
        tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
            .Select(static type => string.Concat(type.GetLeadingTrivia().Select(static trivia => trivia.ToFullString().TrimStart(' '))))
            .Where(static summary => summary.Contains("<summary>", StringComparison.Ordinal))
            .GroupBy(static summary => summary)
            .Where(static equal => equal.Count() > 1)
            .Select(static equal => equal.Key));

    [GeneratedRegex(@"\}\n *(///|\[\w|public|protected|private|internal)")]
    private static partial Regex MemberBehindMember();
}
