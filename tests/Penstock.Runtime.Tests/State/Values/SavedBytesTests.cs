using System.Buffers;
using MemoryPack;
using Penstock.Generator.Schemas;
using Penstock.State;

namespace Penstock.Runtime.Tests.State.Values;

/// <summary>Saved data can be read with its schema alone, without its types.</summary>
public class SavedBytesTests
{
    private static readonly StateSchema Schema = StateSchema.Parse($"keyed(string){{{Remember.OperatorContract.StateCodec.Schema}}}");

    [Fact]
    public void What_is_not_known_is_an_error_and_not_written_as_nothing()
    {
        var unknown = new SchemaType((SchemaKind)99, "", [], []);
        Assert.Throws<InvalidOperationException>(() => SavedBytes.WriteDefault(unknown, new ArrayBufferWriter<byte>()));
        using var options = MemoryPackReaderOptionalStatePool.Rent(null);
        Assert.Throws<InvalidOperationException>(() =>
        {
            var reader = new MemoryPackReader(new byte[16], options);
            SavedBytes.Copy(unknown, ref reader, new ArrayBufferWriter<byte>());
        });
        using var converter = new StateConverter(new UnknownConversion(), static (_, ref _, ref _) => { });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var reader = new MemoryPackReader(new byte[16], options);
            converter.Convert(ref reader);
        });
    }

    [Fact]
    public void Every_value_of_every_shape_is_copied_byte_for_byte()
    {
        var remember = new Remember();
        var state = default(Remember.OperatorContract.State);
        for (var number = 0; number < 300; number++)
        {
            if (number % 20 == 0)
            {
                state = default;
            }

            var bytes = Serialize(state);
            using var options = MemoryPackReaderOptionalStatePool.Rent(null);

            // Also if the bytes are in several pieces, as in a large file.
            foreach (var saved in (ReadOnlySequence<byte>[])[new(bytes), InPieces(bytes, 7)])
            {
                var reader = new MemoryPackReader(saved, options);
                var copy = new ArrayBufferWriter<byte>();
                SavedBytes.Copy(Schema.Fields, ref reader, copy);
                Assert.Equal(bytes.Length, reader.Consumed);
                Assert.Equal(bytes, copy.WrittenSpan.ToArray());
                reader.Dispose();

                var skipper = new MemoryPackReader(saved, options);
                SavedBytes.Copy(Schema.Fields, ref skipper, null);
                Assert.Equal(bytes.Length, skipper.Consumed);
                skipper.Dispose();
            }

            Change(remember, number, ref state);
        }
    }

    [Fact]
    public void The_default_of_a_schema_is_that_of_its_types()
    {
        var bytes = new ArrayBufferWriter<byte>();
        SavedBytes.WriteDefault(Schema.Fields, bytes);
        using var options = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(bytes.WrittenSpan, options);
        Remember.OperatorContract.StateCodec.Read(ref reader, out var state);
        Assert.Equal(bytes.WrittenCount, reader.Consumed);
        Assert.Equal(Serialize(default), Serialize(in state));
        reader.Dispose();
    }

    [Theory]
    [InlineData("keyed(string){}")]
    [InlineData("keyed((int32,string),int64?){A:int32}")]
    [InlineData(
        "windows(string;3600000000,0){A:list<record{B:map<string,(int32,guid?)>;C:record{D:bytes}?}?>;E:codec<x/1>?;F:set<memorypack:A.B<C, D<int?>>.E[]>;_é1:memorypack:X?}")]
    [InlineData("splits{Id:string}")]
    public void A_schema_stays_what_it_is(string text) => Assert.Equal(text, StateSchema.Parse(text).ToString());

    [Theory]
    [InlineData("keyed(string)", "'keyed(string)' has no fields.")]
    [InlineData("keyed(string){A:int33}", "'keyed(string){A:int33}' is no schema: expected a type at character 17.")]
    [InlineData("keyed(string){A:int32", "'keyed(string){A:int32' is no schema: expected ';' at character 22.")]
    [InlineData("keyed(string){A:map<int32>}", "'keyed(string){A:map<int32>}' is no schema: expected two types at character 27.")]
    [InlineData("keyed(string){A:codec<}", "'keyed(string){A:codec<}' is no schema: expected '>' at character 24.")]
    [InlineData("keyed(string){A:int32}x", "'keyed(string){A:int32}x' is no schema: expected the end at character 23.")]
    public void What_is_no_schema_is_said(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => StateSchema.Parse(text)).Message);

    private static byte[] Serialize(in Remember.OperatorContract.State state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var options = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, options);
        Remember.OperatorContract.StateCodec.Write(ref writer, in state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Change(Remember remember, int number, ref Remember.OperatorContract.State state)
    {
        var output = new Output<Description>(new Penstock.Streams.RowBuffer<Description>());
        Remember.OperatorContract.Process(remember, new Deed("ann", number), ref output, ref state);
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes, int size)
    {
        Piece? first = null;
        Piece? last = null;
        for (var at = 0; at < bytes.Length; at += size)
        {
            var piece = new Piece(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
            first ??= piece;
            last = piece;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            RunningIndex = before == null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }

    private sealed record UnknownConversion : Conversion;
}
