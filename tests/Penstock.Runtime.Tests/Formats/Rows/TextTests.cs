using System.Globalization;
using System.Text.Json;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Formats.Rows;

/// <summary>
/// Text through generated readers: the columns that members need are read, missing ones are optional where allowed, and names follow their
/// policy.
/// </summary>
public sealed class TextTests
{
    private static readonly JsonSerializerOptions CamelCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IncludeFields = true,
        RespectNullableAnnotations = true
    };

    [Fact]
    public void Event_time_and_key_are_computed_from_columns_that_nothing_else_reads()
    {
        var rows = Enumerable.Range(0, 40)
            .Select(static i => (Page: $"{(char)('a' + (i % 3))}/{i}", Ts: 1_000_000_000_000L + (i * 400_000L)))
            .ToList();
        using var test = PipelineTest.For<VisitsPipeline>();
        test.SendText(nameof(VisitsPipeline.Visits), "page,ts,other\n"
            + string.Concat(rows.Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row.Page},{row.Ts},x\n"))));
        test.End(nameof(VisitsPipeline.Visits));

        var expected = rows
            .GroupBy(static row => (Site: row.Page[..1], Hour: row.Ts / 3_600_000))
            .Select(static group => new SiteVisits(
                group.Key.Site,
                DateTimeOffset.FromUnixTimeMilliseconds(group.Key.Hour * 3_600_000),
                group.Count()));
        Assert.Equal(expected.OrderBy(Order), test.Read<SiteVisits>(nameof(VisitsPipeline.Counts)).OrderBy(Order));

        static string Order(SiteVisits visits) => visits.ToString();
    }

    [Fact]
    public void Members_that_are_missing_in_an_object_keep_their_declared_values()
    {
        var random = new Random(7);
        (string Name, string Value)[] all =
        [
            ("id", "\"x\""), ("amount", "12.5"), ("items", "9"), ("year", "1999"), ("discount", "0.25"), ("the note", "\"hello\""),
            ("isPaid", "false"),
            ("customer", "77"), ("secret", "1"),
        ];
        for (var round = 0; round < 300; round++)
        {
            var given = all.Where(item => item.Name is "id" or "amount" or "customer" || random.Next(2) == 0).ToList();
            if (random.Next(4) == 0)
            {
                given = [.. given.OrderBy(_ => random.Next())];
            }

            var line = "{" + string.Join(",", given.Select(static item => $"\"{item.Name}\":{item.Value}")) + "}";
            using var test = PipelineTest.For<OptionalPipeline>();
            test.SendText(nameof(OptionalPipeline.Json), line + "\n");

            // The serializer does not set members with a hidden setter either. [Column] is an attribute of Penstock.
            var oracle = JsonSerializer.Deserialize<Order>(line.Replace("the note", "note", StringComparison.Ordinal), CamelCase)!;
            Assert.Equal(oracle.ToString(), Assert.Single(test.Read<Order>(nameof(OptionalPipeline.Json))).ToString());

            using var csv = PipelineTest.For<OptionalPipeline>();
            csv.SendText(nameof(OptionalPipeline.Csv), string.Join(",", given.Select(static item => item.Name))
                + "\n"
                + string.Join(",", given.Select(static item => item.Value.Trim('"')))
                + "\n");
            Assert.Equal(oracle.ToString(), Assert.Single(csv.Read<Order>(nameof(OptionalPipeline.Csv))).ToString());
        }
    }

    [Theory]
    [InlineData("""{"id":"x","amount":1}""", "customer")]
    [InlineData("""{"id":"x","amount":1,"customer":1,"discount":null}""", "discount")]
    [InlineData("""{"id":"x","amount":1,"customer":1,"items":null}""", "items")]
    [InlineData("""{"amount":1,"customer":1}""", "id")]
    public void What_is_required_and_what_cannot_be_null_is_a_bad_row(string line, string column)
    {
        using var test = PipelineTest.For<OptionalPipeline>();
        test.SendText(nameof(OptionalPipeline.Json), line + "\n{\"id\":\"y\",\"amount\":1,\"customer\":1}\n");

        Assert.Equal(column, Assert.Single(test.Read<BadRow>(nameof(OptionalPipeline.BadJson))).Column);
        Assert.Equal("y", Assert.Single(test.Read<Order>(nameof(OptionalPipeline.Json))).Id);
    }

    [Fact]
    public void A_nullable_member_that_is_null_is_null()
    {
        using var test = PipelineTest.For<OptionalPipeline>();
        test.SendText(nameof(OptionalPipeline.Parcels), """
            {"id":"a","weight":1}
            {"id":"b","weight":1,"depot":null,"country":"FR"}
            {"weight":2,"depot":5,"id":"c"}

            """);

        Assert.Equal(
            [new Parcel("a", 1), new Parcel("b", 1) { Country = "FR", Depot = null }, new Parcel("c", 2) { Depot = 5 }],
            test.Read<Parcel>(nameof(OptionalPipeline.Parcels)));
    }

    [Fact]
    public void A_header_without_a_required_column_is_an_error_and_a_short_row_is_bad()
    {
        using var test = PipelineTest.For<OptionalPipeline>();
        var error = Assert.Throws<PipelineException>(() => test.SendText(nameof(OptionalPipeline.Csv), "id,amount\nx,1\n"));
        Assert.Contains("'customer'", error.Message, StringComparison.Ordinal);

        test.SendText(nameof(OptionalPipeline.Csv), "id,amount,customer,discount\nx,1,2\ny,1,2,3\n");
        Assert.Contains("3 fields", Assert.Single(test.Read<BadRow>(nameof(OptionalPipeline.BadCsv))).Error, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(test.Read<Order>(nameof(OptionalPipeline.Csv))).Discount);
    }

    [Fact]
    public void Setters_run_for_what_the_text_has_and_for_nothing_else()
    {
        using var test = PipelineTest.For<OptionalPipeline>();
        test.SendText(nameof(OptionalPipeline.Coupons), """
            {"code":"a"}
            {"code":"b","http_status2_code":404}
            {"code":"c","http_status2_code":404,"uses":1}
            {"uses":1,"code":"d"}

            """);

        Assert.Equal(["a 200 5", "b 404 5", "c 404 2", "d 200 2"], test
            .Read<Coupon>(nameof(OptionalPipeline.Coupons))
            .Select(static coupon => $"{coupon.Code} {coupon.HTTPStatus2Code} {coupon.Uses}"));
    }

    [Fact]
    public void The_policy_of_a_source_wins_over_that_of_the_pipeline()
    {
        using var test = PipelineTest.For<OptionalPipeline>();
        test.SendText(nameof(OptionalPipeline.MoreCoupons), "HTTP-STATUS2-CODE,CODE\n301,a\n");

        Assert.Equal(301, Assert.Single(test.Read<Coupon>(nameof(OptionalPipeline.MoreCoupons))).HTTPStatus2Code);
    }

    [Fact]
    public void Bad_rows_of_a_text_keep_their_place_and_survive_a_restore()
    {
        using var test = PipelineTest.For<OptionalPipeline>();
        test.SendText(nameof(OptionalPipeline.Csv), "id,amount,customer\na,1,1\nb,?,1\nc,1,1\n");
        test.CrashAndRestore();
        test.Checkpoint();

        Assert.Equal(["a", "c"], test.Committed<Order>(nameof(OptionalPipeline.Csv)).Select(static order => order.Id));
        var bad = Assert.Single(test.Committed<BadRow>(nameof(OptionalPipeline.BadCsv)));
        Assert.Equal((3, "amount"), (bad.Position, bad.Column));
    }

    [Fact]
    public void Text_fails_where_the_source_fails_on_bad_rows()
    {
        using var test = PipelineTest.For<VisitsPipeline>();

        Assert.Throws<BadRowException>(() => test.SendText(nameof(VisitsPipeline.Visits), "page,ts,other\na,?,\n"));
    }

    [Fact]
    public void Files_are_read_as_text_is()
    {
        var path = Path.Combine(Path.GetTempPath(), $"penstock-{Guid.NewGuid():N}.csv");
        File.WriteAllText(path, "page,ts,other\na,1000000000000,\n");
        try
        {
            using var test = PipelineTest.For<VisitsPipeline>();
            test.SendFile(nameof(VisitsPipeline.Visits), path);
            test.End(nameof(VisitsPipeline.Visits));

            Assert.Equal(1, Assert.Single(test.Read<SiteVisits>(nameof(VisitsPipeline.Counts))).Count);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
