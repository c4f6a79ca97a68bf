using CsCheck;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Formats.Messages;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>
/// A carriage return without a line feed ends no line. Files with such line breaks are refused or have bad rows; no row is lost silently.
/// </summary>
public sealed class LineEndTests
{
    private const string Lone = "a carriage return (CR) without a line feed (LF) stands outside quotes";

    [Theory]
    [InlineData("moment,day,Class\r\"02.03.2001, 14:05\",,3\r")]
    [InlineData("Class,moment\r3,\"02.03.2001, 14:05\"\r4,\"02.03.2001, 14:05\"\r")]
    public void A_header_that_ends_with_it_is_refused(string text)
    {
        foreach (var splitSize in new[] { long.MaxValue, 10 })
        {
            var error =
                Assert.Throws<PipelineException>(() => ReadCsv<Dates, Codecs.DatesCsvReader>(text, splitSize, badRows: new KeepBadRows()));
            Assert.StartsWith("PSR303: /in/rows.csv: the header cannot be read: " + Lone, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_first_line_that_does_not_end_is_no_header()
    {
        var error = Assert.Throws<PipelineException>(() =>
            ReadCsv<Texts, Codecs.TextsCsvReader>("a,b,c\r" + string.Concat(Enumerable.Repeat("1,2,3\r", 400_000))));
        Assert.Contains("not with CR alone", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 1_000);
    }

    [Theory]
    [InlineData("text\n1\r2\r3\r", 1)]
    [InlineData("text\n1\r2\n3\n", 1)]
    [InlineData("text\n\r1\n3\n", 1)]
    [InlineData("text\n\"1\"\r2\n3\n", 1)]
    [InlineData("text\n1\r\r\n3\n", 1)]
    [InlineData("text,other\n1,a\r2,b\n3,c\n", 1)]
    [InlineData("text,other\n1,\r\n2,b\rx\n3,c\n", 1)]
    [InlineData("other,text\n\"a\r\",1\n\ra,2\n", 1)]
    public void A_row_with_it_is_bad_whatever_is_read(string text, int bad)
    {
        foreach (var splitSize in new[] { long.MaxValue, 7, 1 })
        {
            var kept = new KeepBadRows();
            ReadCsv<OneText, Codecs.OneTextCsvReader>(text, splitSize, badRows: kept);
            Assert.Equal(bad, kept.Rows.Count);
            Assert.All(kept.Rows, row => Assert.StartsWith(Lone, row.Error, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("text\n1\r", "1")]
    [InlineData("text\n\"1\"\r", "1")]
    [InlineData("text\n1\n2\r", "1|2")]
    [InlineData("text\n1\n\r", "1|")]
    [InlineData("text,other\n1,\r", "1")]
    [InlineData("other,text\na,1\r", "1")]
    public void The_very_last_byte_ends_a_line_if_it_is_one(string text, string expected)
    {
        foreach (var splitSize in new[] { long.MaxValue, 7, 1 })
        {
            Assert.Equal(
                expected.Split('|'),
                ReadCsv<OneText, Codecs.OneTextCsvReader>(text, splitSize).Select(static row => row.Text ?? ""));
        }
    }

    [Fact]
    public void The_very_last_byte_of_a_file_of_json_ends_a_line_if_it_is_one() =>
        Assert.Equal(
            ["1", "2"],
            ReadJson<OneText, Codecs.OneTextJsonReader>("{\"text\":\"1\"}\n{\"text\":\"2\"}\r").Select(static row => row.Text));

    [Fact]
    public void No_row_is_lost_where_line_ends_are_mixed() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 999], Gen.OneOf("\n", "\r\n", "\r")).Array[1, 20],
            Gen.Int[1, 60],
            Gen.OneOf("text", "text,other")).Sample(
            (lines, splitSize, header) =>
            {
                // A line feed ends the line, and the last line may have none.
                var tail = header == "text" ? "" : ",x";
                var text = header + "\n" + string.Concat(lines.Select(line => line.Item1 + tail + line.Item2));
                var expected = new List<string>();
                var spoiled = 0;
                var isSpoiled = false;
                for (var i = 0; i < lines.Length; i++)
                {
                    var isLast = i == lines.Length - 1;
                    if (lines[i].Item2 == "\r" && !isLast)
                    {
                        isSpoiled = true;
                        continue;
                    }

                    if (isSpoiled)
                    {
                        spoiled++;
                    }
                    else
                    {
                        expected.Add(lines[i].Item1.ToString());
                    }

                    isSpoiled = false;
                }

                var bad = new KeepBadRows();
                var rows = ReadCsv<OneText, Codecs.OneTextCsvReader>(text, splitSize, badRows: bad);
                Assert.Equal(expected, rows.Select(row => row.Text));
                Assert.Equal(spoiled, bad.Rows.Count);
            },
            iter: 1000);

    [Theory]
    [InlineData("{\"text\":\"1\"}\r{\"text\":\"2\"}\r")]
    [InlineData("{\"text\":\"1\"} \r\r{\"text\":\"2\"}\n")]
    public void Json_lines_that_end_with_it_are_bad(string text)
    {
        var bad = new KeepBadRows();
        Assert.Empty(ReadJson<OneText, Codecs.OneTextJsonReader>(text, badRows: bad));
        Assert.StartsWith(Lone, Assert.Single(bad.Rows).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_csv_keeps_to_the_same_rule()
    {
        Assert.Equal(new Texts("1", null, "3"), MessageReading.ReadCsv<Texts, Codecs.TextsCsvReader>("1,,3\r\n", out _));
        Assert.Null(MessageReading.ReadCsv<Texts, Codecs.TextsCsvReader>("1,,3\r4,,5", out var error));
        Assert.StartsWith(Lone, error, StringComparison.Ordinal);
    }
}
