using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Connectors;
using Penstock.Runtime.Tests.State.Values;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Streams;

/// <summary>Batches as they are sent to another process, through the generated code for their rows.</summary>
public sealed class BatchCodecTests
{
    private static readonly JsonSerializerOptions Json = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
    };

    [Fact]
    public void Rows_of_every_kind_come_out_as_they_went_in()
    {
        var random = new Random(17);
        var parcels = new RandomParcels(random);
        var pool = new BatchPool<Parcel>(64);
        var codec = CodecOf(nameof(RowPipeline.AllParcels));
        var reader = codec.CreateReader(64, maxFree: 2);
        for (var rows = 0; rows < 10_000;)
        {
            var sent = pool.Rent();
            var expected = new List<string>();
            for (var count = random.Next(65); count > 0; count--, rows++)
            {
                var parcel = parcels.Next();
                sent.Add(in parcel, random.NextInt64());
                expected.Add(JsonSerializer.Serialize(parcel, Json));
            }

            var received = (Batch<Parcel>)reader.Read(Write(codec, sent));
            Assert.Equal(expected, received.Rows.Take(received.Count).Select(static row => JsonSerializer.Serialize(row, Json)));
            Assert.Equal(sent.Times.Take(sent.Count), received.Times.Take(received.Count));
            Assert.DoesNotContain(received.Rows.Take(received.Count), row => sent.Rows.Contains(row));
            sent.Release();
            received.Release();
        }
    }

    [Fact]
    public void Times_kinds_and_watermarks_come_with_the_rows()
    {
        var random = new Random(5);
        var pool = new BatchPool<Spot>(16);
        var codec = CodecOf(nameof(RowPipeline.AllSpots));
        var reader = codec.CreateReader(16, maxFree: 1);
        for (var round = 0; round < 2_000; round++)
        {
            var sent = pool.Rent();
            var hasTimes = random.Next(2) == 0;
            var hasKinds = random.Next(2) == 0;
            for (var rows = random.Next(17); rows > 0; rows--)
            {
                AddSteps(sent, random);
                sent.Add(new Spot(random.NextDouble(), rows, -rows), hasTimes ? random.NextInt64() : 0);
                if (hasKinds && random.Next(2) == 0)
                {
                    sent.SetLastKind(RowKind.UpdateAfter);
                }
            }

            AddSteps(sent, random);
            var received = (Batch<Spot>)reader.Read(Write(codec, sent));
            Assert.Equal(sent.Rows.Take(sent.Count), received.Rows.Take(received.Count));
            Assert.Equal(sent.Times.Take(sent.Count), received.Times.Take(received.Count));
            Assert.Equal(sent.WatermarkUpdates.ToArray(), received.WatermarkUpdates.ToArray());
            Assert.Equal(KindsOf(sent), KindsOf(received));
            sent.Release();
            received.Release();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("tête 日本語 😀")]
    [InlineData("half \ud83d")]
    [InlineData("\udc00 half")]
    public void Text_is_the_same_character_by_character(string? text)
    {
        var received = RoundTrip<string?>(nameof(RowPipeline.AllTexts), text);
        Assert.Equal(text?.ToCharArray(), received?.ToCharArray());
    }

    [Fact]
    public void Text_goes_as_UTF8()
    {
        var codec = CodecOf(nameof(RowPipeline.AllTexts));
        var bytes = Write(codec, BatchOf<string?>("tête-à-tête"));
        Assert.True(bytes.AsSpan().IndexOf("tête-à-tête"u8) > 0);
    }

    [Fact]
    public void Numbers_with_gaps_between_them_are_written_one_by_one()
    {
        Assert.Equal(new Pulse(7, long.MinValue), RoundTrip(nameof(RowPipeline.AllPulses), new Pulse(7, long.MinValue)));

        // Two numbers in 9 bytes, instead of the 16 bytes that they take in memory.
        Assert.Equal(
            9,
            Write(
                CodecOf(nameof(RowPipeline.AllPulses)),
                BatchOf(default(Pulse), default)).Length - Write(CodecOf(nameof(RowPipeline.AllPulses)), BatchOf(default(Pulse))).Length);
        Assert.Equal(
            16,
            Write(
                CodecOf(nameof(RowPipeline.AllSpots)),
                BatchOf(default(Spot), default)).Length - Write(CodecOf(nameof(RowPipeline.AllSpots)), BatchOf(default(Spot))).Length);
    }

    [Fact]
    public void Codecs_of_users_and_of_MemoryPack_are_called()
    {
        Assert.Equal("red", RoundTrip<Tag?>(nameof(RowPipeline.AllTags), new Tag("red"))!.ToString());
        Assert.Null(RoundTrip<Tag?>(nameof(RowPipeline.AllTags), null));
        Assert.Equal([1, 2], RoundTrip<Packed?>(nameof(RowPipeline.AllPacks), new Packed([1, 2]))!.Values);
        Assert.Null(RoundTrip<Packed?>(nameof(RowPipeline.AllPacks), null));
    }

    [Fact]
    public void Bad_rows_go_with_the_message_that_they_were()
    {
        var message = new BadMessage([1], null, -5, [new MessageHeader("a", null), new MessageHeader("", [2, 3])]);
        var sent = new BadRow("topic", 7, "amount", "no number", "x") { Message = message };
        foreach (var row in new[]
        {
            sent,
            sent with { Message = message with { Key = null, Value = [], Headers = [] } },
            sent with { Message = null }
        })
        {
            Assert.Equal(
                JsonSerializer.Serialize(row, Json),
                JsonSerializer.Serialize(RoundTrip(nameof(RowPipeline.AllBadRows), row), Json));
        }
    }

    [Fact]
    public void A_derived_row_is_refused_before_it_loses_what_it_has_of_its_own()
    {
        Assert.Equal(new Shape(3), RoundTrip(nameof(RowPipeline.AllShapes), new Shape(3)));
        var error = Assert.Throws<PipelineException>(() => RoundTrip<Shape>(nameof(RowPipeline.AllShapes), new Circle(1)));
        Assert.Contains(
            "holds a Penstock.Runtime.Tests.Streams.Circle where its type is Penstock.Runtime.Tests.Streams.Shape",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_cannot_be_written_have_no_codec() => Assert.Null(EdgeTo(nameof(RowPipeline.AllObjects)).Codec);

    [Fact]
    public void Bytes_that_are_no_batch_are_reported()
    {
        var parcels = new RandomParcels(new Random(3));
        foreach (var (codec, bytes) in new[]
        {
            (
                CodecOf(nameof(RowPipeline.AllParcels)),
                Write(CodecOf(nameof(RowPipeline.AllParcels)), BatchOf(parcels.Next(), parcels.Next()))),
            (CodecOf(nameof(RowPipeline.AllSpots)), Write(CodecOf(nameof(RowPipeline.AllSpots)), BatchOf(default(Spot), default))),
        })
        {
            var reader = codec.CreateReader(2, maxFree: 1);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => reader.Read(bytes.AsSpan(0, length)));
            }

            Assert.Throws<InvalidDataException>(() => reader.Read([.. bytes, 0]));
            Assert.Throws<InvalidDataException>(() => codec.CreateReader(1, maxFree: 1).Read(bytes));
            Assert.Equal(2, reader.Read(bytes).Count);
        }
    }

    private static BatchCodec CodecOf(string task) => EdgeTo(task).Codec!;

    private static PlanEdge EdgeTo(string task) => RowPipeline.Plan.Task(task).Inputs[0];

    private static byte[] Write(BatchCodec codec, Batch batch)
    {
        var buffer = new ByteBuffer();
        codec.Write(batch, buffer);
        return buffer.Written.ToArray();
    }

    private static T RoundTrip<T>(string task, T row) =>
        ((Batch<T>)CodecOf(task).CreateReader(1, maxFree: 1).Read(Write(CodecOf(task), BatchOf(row)))).Rows[0];

    private static Batch<T> BatchOf<T>(params T[] rows)
    {
        var batch = new BatchPool<T>(rows.Length).Rent();
        foreach (var row in rows)
        {
            batch.Add(in row);
        }

        return batch;
    }

    private static IEnumerable<RowKind> KindsOf(Batch batch) =>
        batch.Kinds?.Take(batch.Count) ?? Enumerable.Repeat(RowKind.Insert, batch.Count);

    private static void AddSteps(Batch batch, Random random)
    {
        for (var steps = random.Next(3); steps > 0; steps--)
        {
            batch.AddWatermark(random.NextInt64(), random.Next(3) == 0 ? Penstock.Time.Watermarks.Idle : random.NextInt64(1000));
        }
    }
}
