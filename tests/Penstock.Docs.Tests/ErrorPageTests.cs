using System.Text.RegularExpressions;

namespace Penstock.Docs.Tests;

/// <summary>Every code of a run-time error has a page with an example, is in the index, and is used.</summary>
public sealed partial class ErrorPageTests
{
    private const string Folder = "docs/errors/";

    // A file of codes, the class that it declares, and the range of its numbers.
    private static readonly (string Path, string Class, int First, int Last)[] Registries =
    [
        ("src/Runtime/Errors/ErrorCodes.cs", "ErrorCodes", 101, 999),
        ("src/Kafka/Clients/KafkaErrorCodes.cs", "KafkaErrorCodes", 2001, 2099),
        ("src/S3/Errors/S3ErrorCodes.cs", "S3ErrorCodes", 2101, 2199),
    ];

    private static readonly Code[] Codes =
    [
        .. Registries.SelectMany(static registry => Declaration().Matches(Text(registry.Path)).Select(match =>
            new Code(registry.Class, match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value))),
    ];

    public static TheoryData<string> Ids => [.. Codes.Select(static code => code.Id)];

    [Fact]
    public void Each_code_is_declared_once_in_the_order_and_among_the_numbers_of_its_registry()
    {
        Assert.Equal(Codes.Length, Codes.Select(static code => code.Id).Distinct().Count());
        foreach (var (path, name, first, last) in Registries)
        {
            var numbers = Codes.Where(code => code.Class == name).Select(static code => code.Number).ToList();
            Assert.Equal(numbers.Order(), numbers);
            Assert.All(numbers, number => Assert.InRange(number, first, last));

            // No code is declared in another form, which the other tests would not find.
            Assert.Equal(numbers.Count, Text(path).Split(" = new(").Length - 1);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_says_what_a_code_means_with_an_example_its_cause_and_the_fix(string id)
    {
        var code = Codes.Single(code => code.Id == id);
        var text = Text($"{Folder}{id}.md");
        Assert.StartsWith($"# {id}: {code.Title}\n\n", text, StringComparison.Ordinal);
        var headings = text.Split('\n').Where(static line => line.StartsWith("## ", StringComparison.Ordinal));
        Assert.Equal(["## Example", "## Cause", "## Fix"], headings);
        Assert.StartsWith($"{id}: ", Assert.Single(Page.Load($"{Folder}{id}.md").Blocks("text")).Code, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_has_a_code_and_the_index_names_each_with_its_title()
    {
        var pages = Page.Names.Where(static name => name.StartsWith(Folder + "PSR", StringComparison.Ordinal));
        Assert.Equal(
            Codes.Select(static code => $"{Folder}{code.Id}.md").Order(StringComparer.Ordinal),
            pages.Order(StringComparer.Ordinal));
        Assert.Equal(
            Codes.Select(static code => $"| [{code.Id}]({code.Id}.md) | {code.Title} |"),
            Text(Folder + "README.md").Split('\n').Where(static line => line.StartsWith("| [", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_code_is_used()
    {
        var sources = new FolderWalk(Path.Combine(Page.Root, "src"), ["obj", "bin"]).Files("*.cs").Select(File.ReadAllText);
        var used = sources.SelectMany(static source => Use().Matches(source)).Select(static use => use.Value).ToHashSet();
        var unused = Codes.Select(static code => $"{code.Class}.{code.Name}").Except(used);
        Assert.Empty(unused);
    }

    private static string Text(string path) => File.ReadAllText(Path.Combine(Page.Root, path)).ReplaceLineEndings("\n");

    [GeneratedRegex("""public static readonly PipelineErrorCode (\w+) = new\(\s*"(PSR[0-9]+)",\s*"([^"\n]+)"\);""")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b\w*ErrorCodes\.\w+")]
    private static partial Regex Use();

    /// <summary>The declaration of a code in a registry.</summary>
    private sealed record Code(string Class, string Name, string Id, string Title)
    {
        public int Number => int.Parse(Id["PSR".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
