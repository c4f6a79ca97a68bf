using Penstock.Tests;

namespace FlightDelays.Tests;

/// <summary>The diagram in the README is the plan of the sample.</summary>
public class PictureTests
{
    [Fact]
    public void The_picture_in_the_README_is_the_plan()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "README.md")).ReplaceLineEndings("\n");
        Assert.Contains("```mermaid\n" + FlightDelaysPipeline.Plan.ToMermaid() + "```", readme, StringComparison.Ordinal);
    }
}
