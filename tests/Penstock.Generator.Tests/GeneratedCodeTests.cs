using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>Whole generated pipelines, reviewed as people read them.</summary>
public sealed class GeneratedCodeTests
{
    [Theory]
    [InlineData("FlightDelays")]
    [InlineData("Shop")]
    public void Whole_pipeline(string sample)
    {
        var result = TestCompiler.Build(Repository.Sample(sample)).AssertClean();

        Snapshot.Verify($"{nameof(GeneratedCodeTests)}.{sample}", result.Run.Results.Single().GeneratedSources
            .OrderBy(static source => source.HintName, StringComparer.Ordinal)
            .Select(static source => $"// File: {source.HintName}\n{source.SourceText}"));
    }
}
