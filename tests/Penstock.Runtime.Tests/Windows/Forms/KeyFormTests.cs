using System.Globalization;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows.Forms;

/// <summary>
/// Keys that are equal but written differently: all versions of a result show one form, which depends neither on batches nor on restarts.
/// </summary>
public sealed class KeyFormTests
{
    private const int Seeds = 8;
    private const int Rows = 240;

    private static readonly (string Stream, SeatOracle Oracle)[] Streams =
    [
        (nameof(SeatPipeline.Folded), SeatOracle.Tumbling),
        (nameof(SeatPipeline.Unfolded), SeatOracle.Tumbling),
        (nameof(SeatPipeline.Sliding), SeatOracle.Sliding),
        (nameof(SeatPipeline.Once), SeatOracle.Once),
        (nameof(SeatPipeline.Growing), SeatOracle.Growing),
    ];

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1024, 1)]
    [InlineData(2, 7, 3)]
    public void All_versions_of_a_result_show_one_form_of_its_key(int parallelism, int batch, int other)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var rows = SeatOracle.Rows(new Random(seed), Rows);
            using var test = Start(parallelism, batch);
            test.SendText(nameof(SeatPipeline.All), SeatOracle.Csv(rows));
            test.End(nameof(SeatPipeline.All));
            test.Checkpoint();
            AssertForms(test, rows);
        }

        for (var seed = 0; seed < Seeds; seed++)
        {
            var rows = SeatOracle.Rows(new Random(seed), Rows);
            using var test = Start(parallelism, batch);
            for (var from = 0; from < Rows; from += 20)
            {
                test.Send(nameof(SeatPipeline.All), rows.Skip(from).Take(20).ToArray());
                if (from % 60 != 0)
                {
                    test.Checkpoint();
                }

                test.CrashAndRestore(from % 40 == 0 ? other : parallelism);
            }

            test.End(nameof(SeatPipeline.All));
            test.Checkpoint();
            AssertForms(test, rows);
        }
    }

    [Fact]
    public void A_row_that_a_filter_withdraws_has_the_key_that_was_written()
    {
        using var test = Start(parallelism: 1, batch: 1);
        test.SendText(
            nameof(SeatPipeline.All),
            """
            departs,fare,at
            2026-01-02T10:00:00+01:00,1.0,2026-01-01T00:00:01Z
            2026-01-02T09:00:00Z,9,2026-01-01T00:00:12Z
            2026-01-02T09:00:00Z,1.00,2026-01-01T00:00:02Z

            """);
        Assert.Equal(
            [(RowKind.Insert, "2026-01-02T10:00:00.0000000+01:00 1.0"), (RowKind.Delete, "2026-01-02T10:00:00.0000000+01:00 1.0")],
            test.ReadChanges<Seats>(nameof(SeatPipeline.Odd))
                .Select(static change => (
                    change.Kind,
                    string.Create(CultureInfo.InvariantCulture, $"{change.Row.Departs:O} {change.Row.Fare}"))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sliding_window_shows_a_form_of_its_own_rows(bool restarts)
    {
        using var test = Start(parallelism: 1, batch: 1);
        Send(test, (1, "+01:00"), (4, "+00:00"), (7, "+00:00"), (10, "+00:00"), (14, "+00:00"));
        if (restarts)
        {
            test.Checkpoint();
            test.CrashAndRestore();
        }

        Send(test, (40, "+00:00"));
        test.Checkpoint();
        (int End, string Offset)[] expected =
        [
            (3, "01:00:00"), (6, "01:00:00"), (9, "01:00:00"), (12, "01:00:00"),
            (15, "00:00:00"), (18, "00:00:00"), (21, "00:00:00"), (24, "00:00:00"),
        ];
        Assert.Equal(
            expected,
            test.Committed<Seats>(nameof(SeatPipeline.Once))
                .Select(static seats => (seats.End.Second, $"{seats.Departs.Offset}"))
                .Take(8));
    }

    private static void Send(PipelineTest<SeatPipeline> test, params (int Second, string Offset)[] rows)
    {
        foreach (var (second, offset) in rows)
        {
            var departs = new DateTimeOffset(2026, 1, 2, 9, 0, 0, TimeSpan.Zero)
                .ToOffset(TimeSpan.Parse(offset.TrimStart('+'), CultureInfo.InvariantCulture));
            test.Send(
                nameof(SeatPipeline.All),
                new Seat(departs, 1m, new DateTimeOffset(2026, 1, 1, 0, 0, second, TimeSpan.Zero)));
        }
    }

    private static PipelineTest<SeatPipeline> Start(int parallelism, int batch) =>
        PipelineTest.For<SeatPipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));

    private static void AssertForms(PipelineTest<SeatPipeline> test, List<Seat> rows)
    {
        foreach (var (stream, oracle) in Streams)
        {
            // A second form of a key would be another result, beside the one that it should replace.
            var last = test.CommittedChanges<Seats>(stream)
                .GroupBy(static change => SeatOracle.KeyText(change.Row))
                .Select(static versions => SeatOracle.Text(versions.Last().Row));
            Assert.Equal(
                oracle.Results(rows).Order(StringComparer.Ordinal).Prepend(stream),
                last.Order(StringComparer.Ordinal).Prepend(stream));
        }

        var kept = test.CommittedChanges<Seats>(nameof(SeatPipeline.Odd))
            .GroupBy(static change => SeatOracle.KeyText(change.Row))
            .Where(static versions => versions.Last().Kind != RowKind.Delete)
            .Select(static versions => SeatOracle.Text(versions.Last().Row));
        Assert.Equal(
            SeatOracle.Tumbling.Results(rows).Where(static result => (result[^1] - '0') % 2 == 1).Order(StringComparer.Ordinal),
            kept.Order(StringComparer.Ordinal));
    }
}
