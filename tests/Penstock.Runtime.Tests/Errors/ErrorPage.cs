using System.Text.RegularExpressions;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Errors;

/// <summary>The page of an error code, and the comparison of its example with a real message.</summary>
internal static partial class ErrorPage
{
    /// <summary>The message on the page of a code.</summary>
    public static string ExampleOf(string code)
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "errors", code + ".md")).ReplaceLineEndings("\n");
        return Block().Match(page).Groups[1].Value.TrimEnd('\n');
    }

    /// <summary>Removes the parts of a message that vary: quoted strings, paths and names of types, numbers.</summary>
    public static string Shape(string message) => Number().Replace(Dotted().Replace(Quoted().Replace(message, "''"), "…"), "0");

    /// <summary>Asserts that the message of an error matches the page of its code.</summary>
    public static void AssertShows(string code, PipelineException error)
    {
        Assert.Equal(code, error.Code);
        Assert.EndsWith($"/docs/errors/{code}.md", error.HelpLink, StringComparison.Ordinal);
        Assert.Equal(Shape(ExampleOf(code)), Shape(error.Message));
    }

    [GeneratedRegex("^```text\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\w*[./]\w[\w./]*")]
    private static partial Regex Dotted();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
