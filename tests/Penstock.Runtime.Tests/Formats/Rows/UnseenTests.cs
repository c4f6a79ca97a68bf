using System.Globalization;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Formats.Rows;

/// <summary>Columns that are read in a way that the compiler cannot see are parsed.</summary>
public sealed class UnseenTests
{
    private static readonly (int First, int Second)[] Rows = [.. Enumerable.Range(1, 20).Select(static i => (i * 3, i * i * 7))];

    public static TheoryData<string, string, Func<(int First, int Second), string>> Cases => new()
    {
        { nameof(UnseenPipeline.Overlapping), "low,high", static row => Text(row.First + ((long)row.Second << 32)) },
        { nameof(UnseenPipeline.Same), "low,high", static row => Text(row.First) },
        { nameof(UnseenPipeline.Neighbours), "first,second", static row => Text(row.Second) },
        { nameof(UnseenPipeline.Referenced), "first,second", static row => $"{Text(row.Second)} {Text(row.Second)}" },
        { nameof(UnseenPipeline.Extended), "first,second", static row => Text((long)row.First * row.Second) },
        { nameof(UnseenPipeline.Remembered), "first,second", static row => $"{Text(row.Second)} {Text(row.Second)}" },
        { nameof(UnseenPipeline.Counted), "first,second", static row => Text(row.Second) },
        { nameof(UnseenPipeline.Chained), "first,second", static row => Text(row.Second * 2) },
        { nameof(UnseenPipeline.Parted), "first,second", static row => Text(row.Second * 2) },
        { nameof(UnseenPipeline.Printed), "first,second", static row => $"{Text(row.First)}/{Text(row.Second)}" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_read_out_of_sight_is_parsed(string stream, string header, Func<(int First, int Second), string> expected)
    {
        using var test = PipelineTest.For<UnseenPipeline>();
        foreach (var row in Rows)
        {
            // One row at a time, because a static field contains the value of the row read last.
            test.SendText(stream, $"{header}\n{Text(row.First)},{Text(row.Second)}\n");
        }

        Assert.Equal(Rows.Select(expected), test.Read<Seen>(stream + "Out").Select(static seen => seen.Value));
    }

    [Fact]
    public void Rows_by_which_something_is_found_are_parsed_as_a_whole()
    {
        // Rows that differ only in the second column are two entries.
        using var test = PipelineTest.For<UnseenPipeline>();
        test.SendText(nameof(UnseenPipeline.Cached), "first,second\n1,1\n1,2\n1,1\n1,3\n");

        Assert.Equal(["2", "3", "3", "4"], test.Read<Seen>(nameof(UnseenPipeline.CachedOut)).Select(static seen => seen.Value));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
