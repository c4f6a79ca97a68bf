using System.Buffers;
using CsCheck;
using MemoryPack;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Values;

/// <summary>State of every shape, through its generated code.</summary>
public class RichStateTests
{
    private const string Deeds = nameof(RememberPipeline.Deeds);
    private const string Tales = nameof(RememberPipeline.Tales);

    [Fact]
    public void What_is_restored_is_what_was_saved()
    {
        Gen.Int[0, 1000].Array[0, 12].Sample(
            numbers =>
            {
                using var test = PipelineTest.For<RememberPipeline>();
                foreach (var number in numbers)
                {
                    test.Send(Deeds, new Deed("ann", number));
                }

                var saved = Ask(test);
                test.Checkpoint();
                test.CrashAndRestore();
                Assert.Equal(saved, Ask(test));

                // Restored state can be changed and saved again, now incrementally.
                test.Send(Deeds, new Deed("ann", numbers.Length), new Deed("bob", 5));
                saved = Ask(test);
                test.Checkpoint();
                test.CrashAndRestore(2);
                Assert.Equal(saved, Ask(test));
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public void Changes_in_place_after_a_checkpoint_do_not_reach_it()
    {
        using var test = PipelineTest.For<RememberPipeline>();
        test.Send(Deeds, new Deed("ann", 1), new Deed("ann", 2), new Deed("ann", 11));
        test.Checkpoint();
        test.Send(Deeds, new Deed("ann", 3), new Deed("ann", 4));
        var changed = Ask(test);

        // The rows after the checkpoint are processed again: if state was not restored exactly, it would contain them twice.
        test.CrashAndRestore();
        Assert.Equal(changed, Ask(test));
    }

    [Fact]
    public void Half_a_surrogate_pair_can_be_a_key()
    {
        using var test = PipelineTest.For<RememberPipeline>();
        test.Send(Deeds, new Deed("ann\ud83d", 1), new Deed("ann\ud83e", 2));
        var description = test.Read<Description>(Tales)[0].After;
        test.Checkpoint();
        test.CrashAndRestore();
        test.Send(Deeds, new Deed("ann\ud83d", -1));
        Assert.Equal(description, test.Read<Description>(Tales)[^1].After);
    }

    [Fact]
    public void A_detached_state_shares_nothing_that_can_change()
    {
        Assert.True(Remember.OperatorContract.StateCodec.HasSharedParts);
        for (var seed = 0; seed < 40; seed++)
        {
            var remember = new Remember();
            var state = default(Remember.OperatorContract.State);
            for (var number = seed; number < seed + 5; number++)
            {
                Do(remember, number, ref state);
            }

            var copy = Remember.OperatorContract.StateCodec.Detach(in state);
            var before = Do(remember, -1, ref copy);
            var bytes = Serialize(in copy);
            Assert.Equal(Serialize(in state), bytes);
            for (var number = seed; number < seed + 5; number++)
            {
                Do(remember, number, ref state);
            }

            Assert.Equal(before, Do(remember, -1, ref copy));
            Assert.Equal(bytes, Serialize(in copy));
        }
    }

    [Fact]
    public void Schemas_name_fields_and_types_to_any_depth()
    {
        var schema = Remember.OperatorContract.StateCodec.Schema;
        Assert.StartsWith(
            "event:sbyte;Small:(bool,char,sbyte,byte,int16,uint16,int32);Times:(datetime,datetimeoffset,dateonly,timeonly,timespan,guid);Array:list<int32>;Arrays:map<string,list<int32>>;",
            schema,
            StringComparison.Ordinal);
        Assert.Contains(
            ";Bag:codec<bag/1>?;Baskets:map<record{Amount:decimal;Currency:string},record{Number:int32;Lines:list<record{At:datetime;Name:string;Price:record{Amount:decimal;Currency:string};Refund:record{Amount:decimal;Currency:string}?;Sizes:list<int32>}?>;Note:string}?>;Bytes:bytes;",
            schema,
            StringComparison.Ordinal);
        Assert.Contains(";Lists:list<list<int32>>?;", schema, StringComparison.Ordinal);
        Assert.Contains(";Packed:memorypack:Penstock.Runtime.Tests.State.Values.Packed;", schema, StringComparison.Ordinal);
        Assert.Contains(";Tag:codec<tag/1>?;Tags:list<codec<tag/1>?>;", schema, StringComparison.Ordinal);
        Assert.Contains(";Visit:record{Mood:sbyte;Page:string}?", schema, StringComparison.Ordinal);
    }

    [Fact]
    public void A_derived_record_is_refused_before_it_loses_what_it_has_of_its_own()
    {
        var state = default(Remember.OperatorContract.State);
        state.Last = new DerivedPurchase("x");
        var saving = Assert.Throws<PipelineException>(() => Serialize(in state));
        Assert.Contains(
            "DerivedPurchase where its type is Penstock.Runtime.Tests.State.Values.Purchase",
            saving.Message,
            StringComparison.Ordinal);
        Assert.Throws<PipelineException>(() => Remember.OperatorContract.StateCodec.Detach(in state));
    }

    private static string Ask(PipelineTest<RememberPipeline> test)
    {
        test.Read<Description>(Tales);
        test.Send(Deeds, new Deed("ann", -1));
        return test.Read<Description>(Tales)[^1].After;
    }

    private static string Do(Remember remember, int number, ref Remember.OperatorContract.State state)
    {
        var rows = new Penstock.Streams.RowBuffer<Description>();
        var output = new Output<Description>(rows);
        Remember.OperatorContract.Process(remember, new Deed("ann", number), ref output, ref state);
        return rows.Rows[0].After;
    }

    private static byte[] Serialize(in Remember.OperatorContract.State state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var options = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, options);
        Remember.OperatorContract.StateCodec.Write(ref writer, in state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private sealed record DerivedPurchase(string More) : Purchase(More, default, default, null);
}
