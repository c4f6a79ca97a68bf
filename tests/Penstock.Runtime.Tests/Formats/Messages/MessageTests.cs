using System.Text;
using MemoryPack;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats.Messages;

/// <summary>Generated readers and writers of messages, with a connector outside of Penstock.</summary>
public sealed class MessageTests
{
    private const string Json =
        "{\"id\":1,\"text\":\"hi\",\"remark\":null,\"price\":1.50,\"size\":\"Large\",\"at\":\"2026-01-01T00:00:00Z\",\"isGone\":false}";

    private static readonly (string, string?)[] AllHeaders = [("weight", "1.25"), ("blob", "\0\u0001"), ("due", "2026-02-03")];

    private readonly LetterBox _box = new();

    [Fact]
    public async Task Json_and_everything_beside_it_comes_out_as_it_went_in()
    {
        _box.Put("ann", Json, AllHeaders);
        await RunAsync<JsonParcels>();
        var letter = Assert.Single(_box.Outgoing);
        Assert.Equal(("ann", Json, 1_000L), (letter.Key, letter.Text, letter.Time));
        Assert.Equal(AllHeaders, letter.Headers);
    }

    [Theory]
    [InlineData("{\"text\":\"a\"}", null, null, "{\"text\":\"a\",\"count\":1}", "3", "en")]
    [InlineData("{\"text\":\"a\",\"count\":2}", "5", null, "{\"text\":\"a\",\"count\":2}", "5", "en")]
    [InlineData("{\"count\":2,\"text\":\"a\"}", "5", "de", "{\"text\":\"a\",\"count\":2}", "5", "de")]
    public async Task Members_that_are_missing_in_a_message_keep_their_declared_values(
        string value,
        string? tries,
        string? language,
        string expected,
        string expectedTries,
        string expectedLanguage)
    {
        foreach (var isCsv in (bool[])[false, true])
        {
            _box.Incoming.Clear();
            _box.Outgoing.Clear();
            var text = !isCsv ? value : value.Contains("count", StringComparison.Ordinal) ? "a,2" : "a";
            _box.Put(
                null,
                text,
                [.. new (string, string?)[] { ("tries", tries), ("lang", language) }.Where(static header => header.Item2 != null)]);
            await (isCsv ? RunAsync<CsvWishes>() : RunAsync<Wishes>());
            var letter = Assert.Single(_box.Outgoing);
            Assert.Equal(expected, letter.Text);
            Assert.Equal([("tries", expectedTries), ("lang", expectedLanguage)], letter.Headers);
        }
    }

    [Theory]
    [InlineData(
        " { \"isGone\" : false, \"at\":\"2026-01-01T00:00:00Z\",\"nobody\":[1,{}],\"SIZE\":\"large\", \"text\":\"h\\u0069\",\"id\":\"1\",\"price\":1.50 } ")]
    [InlineData(
        "{\"id\":1,\n\"text\":\"hi\",\r\n\"remark\":null,\"price\":1.50,\"size\":1,\"at\":\"2026-01-01T00:00:00.000\",\"isGone\":false}\n")]
    public async Task Json_that_is_written_otherwise_means_the_same(string json)
    {
        _box.Put("ann", json, AllHeaders);
        await RunAsync<JsonParcels>();
        Assert.Equal(Json, Assert.Single(_box.Outgoing).Text);
    }

    [Fact]
    public async Task Equal_keys_have_equal_bytes_and_the_value_keeps_its_form()
    {
        _box.Put(null, """{"price":1.5,"discount":20,"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00"}""");
        _box.Put(null, """{"price":1.50,"discount":null,"from":"2026-01-01T02:00:00+02:00","to":"2026-02-01T00:00:00Z"}""");
        _box.Put(null, """{"price":100.00,"discount":20.0,"from":"2026-01-01T00:00:00.5Z","to":"2026-02-02T00:00:00Z"}""");
        Assert.Equal(["1.5", "1.5", "100"], await KeysAsync<OffersByPrice>());
        Assert.Equal(["20", null, "20"], await KeysAsync<OffersByDiscount>());
        Assert.Equal(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z"], await KeysAsync<OffersByStart>());
        Assert.Equal(["2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"], await KeysAsync<OffersByEnd>());
    }

    [Fact]
    public async Task What_is_null_is_left_out_and_a_tombstone_keeps_its_key()
    {
        _box.Put(null, Json.Replace("false", "true", StringComparison.Ordinal));
        _box.Put("", Json, ("weight", ""), ("blob", ""), ("due", ""));
        await RunAsync<JsonParcels>();
        Assert.Equal((null, null), (_box.Outgoing[0].Key, _box.Outgoing[0].Text));
        Assert.Equal([("weight", null), ("blob", null), ("due", null)], _box.Outgoing[0].Headers);

        // Empty bytes are not null, but an empty number is.
        Assert.Equal([("weight", null), ("blob", ""), ("due", null)], _box.Outgoing[1].Headers);
        Assert.Equal(Json, _box.Outgoing[1].Text);
    }

    [Fact]
    public async Task Csv_is_one_record_in_the_order_of_declaration()
    {
        const string Plain = "1,hi,,1.50,Large,2026-01-01T00:00:00Z,false";
        const string Quoted = "2,\"a \"\"b\"\",\nc\",x,,Small,2026-01-01T00:00:00Z,false";
        foreach (var text in (string[])[Plain, Quoted, Plain + "\n", Plain + "\r\n"])
        {
            _box.Put("ann", text, AllHeaders);
        }

        await RunAsync<CsvParcels>();
        Assert.Equal([Plain, Quoted, Plain, Plain], _box.Outgoing.Select(static letter => letter.Text));

        // Another column is the key.
        Assert.Equal(["1", "2", "1", "1"], _box.Outgoing.Select(static letter => letter.Key));
    }

    [Theory]
    [InlineData("1,hi", "the row has 2 fields, but the row type has 7")]
    [InlineData("1,hi,,1.50,Large,2026-01-01T00:00:00Z,false,more", "the row has 8 fields, but the row type has 7")]
    [InlineData(
        "1,hi,,1.50,Large,2026-01-01T00:00:00Z,false\n1,hi,,1.50,Large,2026-01-01T00:00:00Z,false",
        "the row has 13 fields, but the row type has 7")]
    [InlineData("one,hi,,1.50,Large,2026-01-01T00:00:00Z,false", "column 'id': 'one' is not a whole number")]
    [InlineData("", "the row has 1 field, but the row type has 7")]
    public async Task Csv_that_is_no_record_is_refused(string text, string message)
    {
        _box.Put("ann", text, AllHeaders);
        Assert.Contains(message, (await FailAsync<CsvParcels>()).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task MemoryPack_is_what_MemoryPack_makes_and_what_stands_beside_wins()
    {
        var parcel = new Parcel(
            "bob",
            1,
            "hi",
            null,
            1.5m,
            Size.Large,
            DateTimeOffset.UnixEpoch,
            99,
            DateTimeOffset.UnixEpoch,
            "elsewhere",
            null,
            null,
            null,
            true);
        _box.Incoming.Add(new Letter("ann", MemoryPackSerializer.Serialize(parcel), [("weight", "1.25")], 7, 2_000));
        await RunAsync<PackedParcels>();
        var found = MemoryPackSerializer.Deserialize<Parcel>(_box.Outgoing[0].Value);
        Assert.Equal(
            parcel with
            {
                Owner = "ann",
                Number = 7,
                SentAt = DateTimeOffset.FromUnixTimeMilliseconds(2_000),
                Place = "box",
                Weight = 1.25
            },
            found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(-1)]
    public async Task MemoryPack_that_is_damaged_is_refused(int length)
    {
        var bytes = MemoryPackSerializer.Serialize(new Parcel(
            "bob",
            1,
            "hi",
            null,
            1.5m,
            Size.Large,
            default,
            99,
            default,
            "elsewhere",
            null,
            null,
            null,
            true));
        _box.Incoming.Add(new Letter("ann", length < 0 ? [.. bytes, 0] : bytes[..length], [], 0, 0));
        Assert.Contains("box, letter 0: MemoryPack", (await FailAsync<PackedParcels>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "{\"value\":1}", true, null)]
    [InlineData(null, "{\"value\":1}", true, "key: the value is null, but a whole number from -2")]
    [InlineData("one", "{\"value\":1}", true, "key: 'one' is not a whole number")]
    [InlineData("1", "{\"value\":1}", false, "header:must: the value is null, but bytes were expected")]
    [InlineData("1", null, true, ": the message has no value: it is a tombstone, which deletes its key")]
    [InlineData("1", "", true, ": the line is not valid JSON")]
    [InlineData("1", "[1]", true, ": the line is not a JSON object")]
    [InlineData("1", "{\"value\":1} {\"value\":2}", true, ": the line is not valid JSON")]
    [InlineData("1", "{\"value\":99999999999}", true, "value: '99999999999' is not a whole number")]
    [InlineData("1", "{\"value\":\"\\ud800\"}", true, "value: a text in the line is not valid UTF-8, or has half of a surrogate pair")]
    public async Task A_message_that_cannot_be_read_says_why_and_one_that_can_be_read_after_it_is_unharmed(
        string? key,
        string? value,
        bool hasHeader,
        string? error)
    {
        _box.Put(key, value, hasHeader ? [("must", "x")] : []);
        _box.Put("5", "{\"value\":5}", ("must", "x"));
        await RunAsync<NumberedLetters>();
        var bad = _box.Outgoing.Where(static letter => letter.Headers.Any(static header => header.Name == "penstock-error")).ToList();
        Assert.Equal(error == null ? 0 : 1, bad.Count);
        if (error != null)
        {
            var headers = bad[0].Headers.ToDictionary(static header => header.Name, static header => header.Text);
            Assert.StartsWith(error, $"{headers["penstock-column"]}: {headers["penstock-error"]}", StringComparison.OrdinalIgnoreCase);
            Assert.Equal(("box", "0", value ?? ""), (headers["penstock-source"], headers["penstock-position"], bad[0].Text));
        }

        Assert.Contains(_box.Outgoing, static letter => letter is { Key: "5", Text: "{\"value\":5}" });
    }

    [Fact]
    public async Task Raw_text_and_raw_bytes_are_what_they_are()
    {
        _box.Put("a", "text, with \"all\"\nof it");
        _box.Put("b", "");
        _box.Put("c", null);
        await RunAsync<RawNotes>();
        Assert.Equal(["text, with \"all\"\nof it", "", null], _box.Outgoing.Select(static letter => letter.Text));

        _box.Incoming.Clear();
        _box.Outgoing.Clear();
        _box.Incoming.Add(new Letter(null, [0, 255, 10, 13], [], 0, 0));
        await RunAsync<RawBytes>();
        Assert.Equal([0, 255, 10, 13], _box.Outgoing[0].Value!);
    }

    [Fact]
    public void A_value_without_a_line_end_behind_it_is_a_mistake_of_the_connector()
    {
        var fields = new MessageFields([], []);
        Assert.Throws<ArgumentException>(() => fields.Begin(Encoding.UTF8.GetBytes("{}\n"), 0, 2));
        Assert.Throws<ArgumentException>(() => fields.Begin(new byte[100 + MessageFields.Slack], 0, 2));
    }

    private async Task RunAsync<T>()
        where T : class, IPipeline
    {
        var status = await StatusAsync<T>();
        Assert.True(status.State == PipelineState.Finished, status.Error?.ToString());
    }

    private async Task<Exception> FailAsync<T>()
        where T : class, IPipeline => Assert.IsType<BadRowException>((await StatusAsync<T>()).Error);

    private async Task<IEnumerable<string?>> KeysAsync<TPipeline>()
        where TPipeline : class, IPipeline
    {
        await RunAsync<TPipeline>();
        var sent = _box.Outgoing.TakeLast(3).ToList();
        Assert.Contains("1.50,", sent[1].Text, StringComparison.Ordinal);
        return sent.Select(static letter => letter.Key);
    }

    private async Task<PipelineStatus> StatusAsync<T>()
        where T : class, IPipeline
    {
        var options = new PipelineOptions();
        options.Checkpoints.Path = "/checkpoints";
        options.Restart.Strategy = RestartStrategy.None;
        var runner = TestEnvironment.Create(T.Plan.Name, options, _box).RunnerOf<T>();
        try
        {
            await runner.RunAsync(CancellationToken.None);
        }
        catch (BadRowException)
        {
            // It is also in the status.
        }

        return runner.Status();
    }
}
