using Penstock.Tests;

namespace Penstock.Generator.Tests.Helpers;

/// <summary>Files of the repository that tests compare, or update on request.</summary>
internal static class Repository
{
    /// <summary>Whether tests update such files instead of comparing them.</summary>
    public static bool IsUpdating => Environment.GetEnvironmentVariable("PENSTOCK_UPDATE") == "1";

    public static string Root { get; } = RepositoryFolder.Path;

    public static string Tests { get; } = Path.Combine(Root, "tests", "Penstock.Generator.Tests");

    public static string Diagnostics { get; } = Path.Combine(Root, "docs", "diagnostics");

    public static string Sample(string name) => Read(Path.Combine(Tests, "Samples", name + ".cs"));

    public static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");
}
