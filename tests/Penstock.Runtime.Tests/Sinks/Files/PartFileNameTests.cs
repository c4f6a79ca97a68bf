using Penstock.Connectors;
using Penstock.Generator.Shared;
using Penstock.Sinks.Files;
using Penstock.Threads;

namespace Penstock.Runtime.Tests.Sinks.Files;

/// <summary>Names of part files: each is either refused, or its parts are found again.</summary>
public sealed class PartFileNameTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    private static string[] Names { get; } =
    [
        "delays.csv", "delays", "de lays.csv", "de.lays.csv", "delays.", "-.csv", "délais.csv", "遅延.csv", "📈.csv", "50%.csv", "a+b.csv",
        "a#b.csv", "a#0-9", "a#0-9.csv", "[a].csv", "{a}.csv",
        "~a.csv", "a&b;c.csv", "$a.csv", "'a'.csv", "a.tmp", "a.owner", "lock", "job.csv", " a.csv", "a.csv ", "a:b.csv", "a|b.csv",
        "0000000001.state", "delays-0-0000000001-0.csv", "aux.csv", "con",
        ".hidden.csv", "..csv", ".csv", "a*.csv", "a?.csv", "a\\b.csv", "a\tb.csv", "a\nb.csv", "a\0b.csv", "a\ud800.csv",
        new string('x', 196) + ".csv", new string('x', 197) + ".csv", new string('é', 98) + ".csv",
        new string('é', 99) + ".csv",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Not a theory, because some of these names cannot be written to a report.
    [Fact]
    public async Task A_name_is_refused_or_its_parts_are_found_again()
    {
        var refused = 0;
        foreach (var name in Names)
        {
            refused += await IsRefusedAsync(name) ? 1 : 0;
        }

        Assert.InRange(refused, 10, Names.Length / 2);
    }

    [Theory]
    [InlineData(".delays.csv", "begins with a dot")]
    [InlineData("", "does not name a file")]
    [InlineData("*.csv", "'*' has a special meaning")]
    [InlineData("a\\b.csv", "'/' between folders")]
    public void The_reason_says_what_is_wrong(string name, string reason) =>
        Assert.Contains(reason, PartFileName.FindProblem(name, onWindows: false), StringComparison.Ordinal);

    [Fact]
    public void Characters_that_no_text_has_are_refused()
    {
        Assert.Contains("control character", PartFileName.FindProblem("a\a.csv", onWindows: false), StringComparison.Ordinal);
        Assert.Contains("not valid Unicode", PartFileName.FindProblem("a\udc00.csv", onWindows: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:b.csv", "':'")]
    [InlineData("a|b.csv", "'|'")]
    [InlineData("a.csv ", "space")]
    public void Windows_has_rules_of_its_own(string name, string reason)
    {
        Assert.Contains(reason, PartFileName.FindProblem(name, onWindows: true), StringComparison.Ordinal);
        Assert.Null(PartFileName.FindProblem(name, onWindows: false));
    }

    private async Task<bool> IsRefusedAsync(string name)
    {
        var path = Path.Join(_folder, Guid.NewGuid().ToString("N"), name);
        var settings = new FileSinkSettings(path);
        if (PartFileName.FindProblem(name, OperatingSystem.IsWindows()) != null)
        {
            Assert.Contains(
                $"The path '{path}' of a file sink is not possible: ",
                Assert.Throws<PipelineException>(() => new FileSinkOptions(settings, LocalFileSystem.Instance)).Message,
                StringComparison.Ordinal);
            return true;
        }

        Assert.Equal(path, new FileSinkOptions(settings, LocalFileSystem.Instance).Path);
        const long checkpoint = long.MaxValue;
        var names = new PartNames(name);
        var part = names.Visible(short.MaxValue, checkpoint, int.MaxValue);
        using var store = new PartFolder(LocalFileSystem.Instance, path, ThreadBackground.Instance, int.MaxValue);
        byte[] ticket;
        using (var open = store.Create(part))
        {
            open.Append("x"u8);
            ticket = await open.CloseAsync();
        }

        Assert.Equal([part], store.ListHidden());
        Assert.Empty(store.ListVisible());
        await store.CommitAsync(checkpoint, [new PreparedPart(part, 1, ticket)], TestContext.Current.CancellationToken);
        Assert.Equal([part], store.ListVisible());
        Assert.True(names.IsVisible(part, out var found));
        Assert.Equal(checkpoint, found);
        Assert.True(PartFileName.PatternOf(name).Overlaps(NamePattern.Name(part), ignoresCase: false));
        Assert.Equal(names.Visible(0, 1, 0), PartFileName.ExampleOf(name));
        Assert.True(store.TryLock());
        store.WriteMark("mark"u8.ToArray());
        Assert.Equal("mark"u8.ToArray(), store.ReadMark());
        return false;
    }
}
