using MemoryPack;
using Penstock.Runtime.Tests.Formats.Rows;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Formats.Messages;

/// <summary>
/// A test sends messages through the generated reader of a source with any connector. The connector itself is not created.
/// </summary>
public sealed class SentMessageTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

    private static readonly Parcel Expected = new(
        "ann",
        7,
        "a \"b\"",
        null,
        1.5m,
        Size.Large,
        Noon,
        42,
        Noon.AddMilliseconds(3),
        "here",
        2.25,
        [1, 200],
        new DateOnly(2024, 6, 1),
        false);

    [Fact]
    public void Json_is_read_with_all_that_stands_beside_it()
    {
        using var test = PipelineTest.For<JsonParcels>();
        test.SendMessages(
            nameof(JsonParcels.All),
            Beside("""{"id":7,"text":"a \"b\"","price":1.5,"size":"Large","at":"2024-05-06T12:00:00Z","isGone":false}"""));
        AssertSame(Expected with { Blob = null }, Assert.Single(test.Read<Parcel>(nameof(JsonParcels.All))));
    }

    [Fact]
    public void Csv_is_one_record_without_a_header()
    {
        using var test = PipelineTest.For<CsvParcels>();
        test.SendMessages(nameof(CsvParcels.All), Beside("7,\"a \"\"b\"\"\",,1.5,Large,2024-05-06T12:00:00Z,false"));
        AssertSame(Expected with { Blob = null }, Assert.Single(test.Read<Parcel>(nameof(CsvParcels.All))));
    }

    [Fact]
    public void Values_may_be_bytes()
    {
        using var packed = PipelineTest.For<PackedParcels>();
        var message = TestMessage.OfBytes(MemoryPackSerializer.Serialize(Expected));
        (message.Metadata["number"], message.Metadata["place"]) = (43, "there");
        packed.Time.Advance(Noon - packed.Time.GetUtcNow());
        packed.SendMessages(nameof(PackedParcels.All), message);
        AssertSame(
            Expected with { Owner = null, Number = 43, SentAt = Noon, Place = "there", Weight = null, Blob = null, Due = null },
            Assert.Single(packed.Read<Parcel>(nameof(PackedParcels.All))));

        using var raw = PipelineTest.For<RawBytes>();
        raw.SendMessages(nameof(RawBytes.All), TestMessage.OfBytes([0, 255, 10]));
        Assert.Equal([0, 255, 10], Assert.Single(raw.Read<Bytes>(nameof(RawBytes.All))).Content);
    }

    [Fact]
    public void Text_is_the_value_of_one_message()
    {
        using var test = PipelineTest.For<Wishes>();
        test.SendText(nameof(Wishes.All), """{"text":"ball","count":2}""");
        test.SendMessages(nameof(Wishes.All), new TestMessage("""{"text":"kite"}""") { Headers = { ["tries"] = "9" } });
        Assert.Equal([new Wish("ball") { Count = 2 }, new Wish("kite") { Tries = 9 }], test.Read<Wish>(nameof(Wishes.All)));

        // A file with several lines is not a message.
        Assert.Throws<BadRowException>(() => test.SendText(nameof(Wishes.All), "{\"text\":\"a\"}\n{\"text\":\"b\"}\n"));
    }

    [Fact]
    public void A_message_without_value_is_read_as_such()
    {
        using var test = PipelineTest.For<RawNotes>();
        test.SendMessages(nameof(RawNotes.All), new TestMessage(null) { Key = "a" }, new TestMessage("") { Key = "b" });
        Assert.Equal([new Note("a", null), new Note("b", "")], test.Read<Note>(nameof(RawNotes.All)));
    }

    [Fact]
    public void Bad_messages_keep_their_place_and_are_kept_whole()
    {
        using var test = PipelineTest.For<NumberedLetters>();
        test.SendMessages(
            nameof(NumberedLetters.All),
            new TestMessage("""{"value":1}""") { Key = "1", Headers = { ["must"] = "m" } },
            new TestMessage("""{"value":2}""") { Key = "x", Headers = { ["must"] = "m" }, Timestamp = Noon },
            new TestMessage("""{"value":3}""") { Key = "3" });
        Assert.Equal((1, 1), test.Read<Numbered>(nameof(NumberedLetters.All)).Select(static row => (row.Key, row.Value)).Single());
        var bad = test.Read<BadRow>(nameof(NumberedLetters.Bad));
        Assert.Equal([("key", 1L), ("header:must", 2L)], bad.Select(static row => (row.Column, row.Position)));
        Assert.Equal("x"u8.ToArray(), bad[0].Message!.Key);
        Assert.Equal(Noon, bad[0].Message!.Timestamp);
        Assert.Equal("must", Assert.Single(bad[0].Message!.Headers).Name);
    }

    [Fact]
    public void Required_members_that_are_missing_in_a_message_are_named()
    {
        using var test = PipelineTest.For<JsonParcels>();
        Assert.Contains(
            "read 'number', which message 0 does not have",
            Assert.Throws<ArgumentException>(() => test.SendText(nameof(JsonParcels.All), "{}")).Message,
            StringComparison.Ordinal);
        var wrong = new TestMessage("{}") { Metadata = { ["number"] = 1.5 } };
        Assert.Contains(
            "Metadata[\"number\"] of message 0 is a Double",
            Assert.Throws<ArgumentException>(() => test.SendMessages(nameof(JsonParcels.All), wrong)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_no_messages_and_messages_no_files()
    {
        using var messages = PipelineTest.For<Wishes>();
        Assert.Contains(
            "reads messages and no files",
            Assert.Throws<ArgumentException>(() => messages.SendFile(nameof(Wishes.All), "wishes.jsonl")).Message,
            StringComparison.Ordinal);
        using var files = PipelineTest.For<OptionalPipeline>();
        Assert.Contains(
            "reads files and no messages",
            Assert.Throws<ArgumentException>(() => files.SendMessages(nameof(OptionalPipeline.Csv), new TestMessage("x"))).Message,
            StringComparison.Ordinal);
    }

    private static TestMessage Beside(string value) => new(value)
    {
        Key = "ann",
        Timestamp = Noon.AddMilliseconds(3),
        Headers = { ["weight"] = "2.25", ["due"] = "2024-06-01" },
        Metadata = { ["number"] = 42L, ["place"] = "here" },
    };

    // Records compare arrays by reference.
    private static void AssertSame(Parcel expected, Parcel actual)
    {
        Assert.Equal(expected.Blob, actual.Blob);
        Assert.Equal(expected, actual with { Blob = expected.Blob });
    }
}
