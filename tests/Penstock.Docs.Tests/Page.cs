using System.Text.RegularExpressions;
using Penstock.Tests;

namespace Penstock.Docs.Tests;

/// <summary>A page of the documentation: a Markdown file of the repository.</summary>
internal sealed partial class Page
{
    private static readonly string[] Elsewhere = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".git"];

    private readonly string _text;

    private Page(string name)
    {
        Name = name;
        _text = File.ReadAllText(Path.Combine(Root, name)).ReplaceLineEndings("\n");
    }

    /// <summary>The root folder of the repository.</summary>
    public static string Root { get; } = RepositoryFolder.Path;

    /// <summary>The names of all pages, relative to the repository, with forward slashes.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. new FolderWalk(Root, Elsewhere).Files("*.md")
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public string Name { get; }

    public string Folder => Path.GetDirectoryName(Path.Combine(Root, Name))!;

    public static Page Load(string name) => new(name);

    /// <summary>The fenced blocks in a language, in order.</summary>
    public IReadOnlyList<Block> Blocks(string language) =>
    [
        .. Fence().Matches(_text).Where(match => match.Groups["language"].Value == language)
            .Select(match => new Block(match.Groups["code"].Value, _text.AsSpan(0, match.Groups["code"].Index).Count('\n') + 1)),
    ];

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines() => _text.Split('\n');

    /// <summary>The code within a line, in order.</summary>
    public IReadOnlyList<string> Codes() => [.. InlineCode().Matches(WithoutBlocks()).Select(static match => match.Value.Trim('`'))];

    /// <summary>The targets of the links.</summary>
    public IReadOnlyList<string> Links() => [.. Link().Matches(Prose()).Select(static match => match.Groups[1].Value)];

    /// <summary>The anchors of the headings.</summary>
    public IReadOnlySet<string> Anchors() =>
        Heading().Matches(WithoutBlocks())
            .Select(static match => NoPartOfAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The rows of the first table below a heading, as cells, without the header.</summary>
    public IReadOnlyList<string[]> Table(string heading)
    {
        var section = _text[_text.IndexOf("\n" + heading + "\n", StringComparison.Ordinal)..];
        var rows = section.Split('\n').SkipWhile(static line => !line.StartsWith('|')).TakeWhile(static line => line.StartsWith('|'));
        return [.. rows.Skip(2).Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray())];
    }

    private string WithoutBlocks() => Fence().Replace(_text, "");

    private string Prose() => InlineCode().Replace(WithoutBlocks(), "");

    [GeneratedRegex(@"^```(?<language>\w*)[^\n]*\n(?<code>.*?)^```\s*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_\- ]")]
    private static partial Regex NoPartOfAnchor();
}

/// <summary>A fenced block.</summary>
/// <param name="Code">The contents.</param>
/// <param name="Line">The first line of the contents in the page, from 1.</param>
internal sealed record Block(string Code, int Line);
