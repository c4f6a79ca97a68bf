using System.IO.Enumeration;
using Penstock.Generator.Shared;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>Sets of file names, compared with the names that a file system and the names of parts really match.</summary>
public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*", "clean.csv", true)]
    [InlineData("*.csv", "clean.csv", true)]
    [InlineData("*.csv", "clean.jsonl", false)]
    [InlineData("clean*", "clean.csv", true)]
    [InlineData("clean-*", "clean.csv", true)]
    [InlineData("clean.*", "clean.csv", false)]
    [InlineData("clean-*-?????-?????.csv", "clean.csv", true)]
    [InlineData("clean-?.csv", "clean.csv", false)]
    [InlineData("clean-0000000001-00000-00000.csv", "clean.csv", true)]
    [InlineData("clean-000000001-00000-00000.csv", "clean.csv", false)]
    [InlineData("clean-0000000001-00000-0000a.csv", "clean.csv", false)]
    [InlineData("clean-12345678901-00012-00007.csv", "clean.csv", true)]
    [InlineData("*x*", "clean.csv", false)]
    [InlineData("*0*", "clean.csv", true)]
    [InlineData("2026-*.csv", "2026.csv", true)]
    [InlineData("2026-??.csv", "2026.csv", false)]
    [InlineData("Clean-*", "clean.csv", false)]
    [InlineData(@"clea\n-*", "clean.csv", true)]
    [InlineData(@"\*-*", "clean.csv", false)]
    [InlineData("", "clean.csv", false)]
    public void A_glob_meets_the_parts_of_a_sink_where_one_name_is_in_both(string glob, string sink, bool meets)
    {
        Assert.Equal(meets, NamePattern.Glob(glob).Overlaps(PartFileName.PatternOf(sink), ignoresCase: false));
        Assert.Equal(meets, PartFileName.PatternOf(sink).Overlaps(NamePattern.Glob(glob), ignoresCase: false));
    }

    [Fact]
    public void Case_counts_where_the_file_system_says_so()
    {
        var parts = PartFileName.PatternOf("clean.csv");
        Assert.True(NamePattern.Glob("CLEAN-*").Overlaps(parts, ignoresCase: true));
        Assert.True(NamePattern.Glob("*.CSV", ignoresCase: true).Overlaps(parts, ignoresCase: false));
        Assert.False(NamePattern.Glob("*.CSV").Overlaps(parts, ignoresCase: false));
    }

    // The oracle tries all names over a small alphabet.
    [Fact]
    public void Two_globs_meet_where_some_short_name_matches_both()
    {
        string[] names = [.. Words(4)];
        var random = new Random(5);
        var met = 0;
        for (var round = 0; round < 400; round++)
        {
            var (one, other) = (Glob(random), Glob(random));
            var expected = names.Any(name => Matches(one, name) && Matches(other, name));
            var overlaps = NamePattern.Glob(one).Overlaps(NamePattern.Glob(other), ignoresCase: false);
            Assert.True(!expected || overlaps, $"'{one}' and '{other}' have a name in common.");

            // A common name of two globs of at most four characters need not be longer than eight letters; names without stars have at most
            // four.
            if (!one.Contains('*') || !other.Contains('*'))
            {
                Assert.True(expected == overlaps, $"'{one}' and '{other}' have no name in common.");
            }

            met += overlaps ? 1 : 0;
        }

        Assert.InRange(met, 50, 350);

        static bool Matches(string glob, string name) => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false);

        static string Glob(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => "ab*?"[random.Next(4)]));
    }

    private static IEnumerable<string> Words(int longest) => longest == 0
        ? [""]
        : Words(longest - 1).SelectMany(word => word.Length < longest - 1 ? [word] : new[] { word, word + "a", word + "b" });
}
