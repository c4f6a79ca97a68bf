using System.Buffers;
using MemoryPack;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Tasks.Calls;
using Penstock.State;
using Penstock.Streams;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Values;

/// <summary>
/// MemoryPack numbers objects to which a value may refer. Each value has numbers of its own, however many are written by one writer or read
/// by one reader.
/// </summary>
public sealed class CircularValueTests
{
    private delegate void Writing(ref MemoryPackWriter<ArrayBufferWriter<byte>> writer, Person value);

    private delegate Person? Reading(ref MemoryPackReader reader);

    public static TheoryData<bool, bool, bool> Divisions => new(
        from isCoded in new[] { false, true }
        from oneWriter in new[] { false, true }
        from oneReader in new[] { false, true }
        select (isCoded, oneWriter, oneReader));

    [Theory]
    [MemberData(nameof(Divisions))]
    public void Values_do_not_depend_on_writers_and_readers(bool isCoded, bool oneWriter, bool oneReader)
    {
        var shared = Person.Pair("ann");
        Person[] people = [shared, Person.Pair("bob"), shared, shared.Friend!];
        Writing write = isCoded
            ? static (ref writer, value) => ValueCodec<PersonCodec, Person>.Write(ref writer, in value!)
            : static (ref writer, value) => PackableCodec<Person>.Write(ref writer, in value!);
        Reading read = isCoded
            ? static (ref reader) => ValueCodec<PersonCodec, Person>.Read(ref reader)
            : static (ref reader) => PackableCodec<Person>.Read(ref reader);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var values in oneWriter ? [people] : people.Chunk(1))
        {
            using var state = MemoryPackWriterOptionalStatePool.Rent(null);
            var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, state);
            foreach (var value in values)
            {
                write(ref writer, value);
            }

            writer.Flush();
        }

        var found = new List<Person>();
        var rest = bytes.WrittenSpan;
        foreach (var count in oneReader ? [people.Length] : Enumerable.Repeat(1, people.Length))
        {
            using var state = MemoryPackReaderOptionalStatePool.Rent(null);
            var reader = new MemoryPackReader(rest, state);
            for (var index = 0; index < count; index++)
            {
                found.Add(read(ref reader)!);
            }

            rest = rest[reader.Consumed..];
        }

        Assert.Equal(0, rest.Length);
        Assert.Equal(people.Select(static person => $"{person}"), found.Select(static person => $"{person}"));

        // No value has an object of another one.
        Assert.Equal(8, found.SelectMany(static person => new[] { person, person.Friend }).Distinct().Count());
    }

    [Fact]
    public void Values_lie_in_pieces_of_memory_of_any_size()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var state = MemoryPackWriterOptionalStatePool.Rent(null))
        {
            var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, state);
            for (var number = 0; number < 50; number++)
            {
                PackableCodec<Person>.Write(ref writer, Person.Pair(new string('x', number)));
                ValueCodec<PersonCodec, Person>.Write(ref writer, Person.Pair($"{number}"));
                PackableCodec<Person>.Write(ref writer, null);
            }

            writer.Flush();
        }

        for (var size = 1; size < 300; size++)
        {
            using var state = MemoryPackReaderOptionalStatePool.Rent(null);
            var reader = new MemoryPackReader(Piece.Divide(bytes.WrittenMemory, size), state);
            for (var number = 0; number < 50; number++)
            {
                Assert.Equal($"{Person.Pair(new string('x', number))}", $"{PackableCodec<Person>.Read(ref reader)}");
                Assert.Equal($"{Person.Pair($"{number}")}", $"{ValueCodec<PersonCodec, Person>.Read(ref reader)}");
                Assert.Null(PackableCodec<Person>.Read(ref reader));
            }

            Assert.Equal(0, reader.Remaining);
            reader.Dispose();
        }
    }

    [Fact]
    public void Rows_that_another_process_receives_share_no_object()
    {
        var codec = BatchCodec.Of<Person, PersonRowCodec>();
        var batch = new BatchPool<Person>(4).Rent();
        var shared = Person.Pair("ann");
        batch.Add(in shared, 0);
        batch.Add(in shared, 0);
        var buffer = new ByteBuffer();
        codec.Write(batch, buffer);
        var received = (Batch<Person>)codec.CreateReader(4, 1).Read(buffer.Written);
        Assert.Equal(["ann ann's friend True", "ann ann's friend True"], received.Rows.Take(2).Select(static row => $"{row}"));
        Assert.NotSame(received.Rows[0], received.Rows[1]);
        Assert.NotSame(received.Rows[0].Friend, received.Rows[1].Friend);
    }

    [Fact]
    public void A_value_that_cannot_be_read_names_its_type()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var state = MemoryPackWriterOptionalStatePool.Rent(null))
        {
            var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, state);
            writer.WriteUnmanagedSpan<byte>([1, 200]);
            writer.WriteUnmanagedSpan<byte>([0, 0, 0, 0, 0, 0, 0, 0]);
            writer.Flush();
        }

        var error = Assert.Throws<PipelineException>(() =>
        {
            using var state = MemoryPackReaderOptionalStatePool.Rent(null);
            var reader = new MemoryPackReader(bytes.WrittenSpan, state);
            return PackableCodec<Person>.Read(ref reader);
        });
        Assert.StartsWith($"PSR506: {typeof(Person)} cannot read a saved value of 2 bytes (", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void Sorted_rows_rows_in_flight_and_states_are_restored(int before, int after)
    {
        Assert.Equal(Run(null), Run(test =>
        {
            test.Checkpoint();
            test.CrashAndRestore(after);
        }));

        string[] Run(Action<PipelineTest<CircularPipeline>>? between)
        {
            var desk = new Desk();
            var services = new ServiceCollection().AddSingleton(desk).BuildServiceProvider();
            using var test = PipelineTest.For<CircularPipeline>(options => options.Parallelism = before, services);
            for (var round = 0; round < 3; round++)
            {
                // Enough rooms for several blocks of a table.
                test.Send(
                    nameof(CircularPipeline.Invitations),
                    [.. Enumerable.Range(0, 20).Select(number => InvitationOf(number % 7, (round * 1000) + (number * 10), round * 20))]);
                between?.Invoke(test);
                desk.TakeStarted();
            }

            test.End(nameof(CircularPipeline.Invitations));
            while (desk.Open is { Length: > 0 } open)
            {
                desk.Answer(open);
                test.AdvanceClock(TimeSpan.Zero);
            }

            test.Checkpoint();
            string[] sinks = [nameof(CircularPipeline.Known), nameof(CircularPipeline.KnownInOrder), nameof(CircularPipeline.KnownByDesk)];
            string[] all = [.. sinks.SelectMany(sink => test.Committed<Known>(sink).Select(known => $"{sink}: {known}").Order())];
            Assert.Equal(3 * 3 * 40, all.Length);
            Assert.DoesNotContain(all, static text => text.Contains("False", StringComparison.Ordinal));
            return all;
        }
    }

    [Fact]
    public void States_in_several_blocks_of_a_table_are_restored()
    {
        const int Rooms = 5_000;
        using var test = PipelineTest.For<CircularPipeline>(services: new ServiceCollection().AddSingleton(new Desk
        {
            AnswersAtOnce = static _ => true,
        }).BuildServiceProvider());
        Send(0);
        test.Checkpoint();
        Send(10);
        test.Checkpoint();
        test.CrashAndRestore(2);
        test.Read<Known>(nameof(CircularPipeline.Known));
        Send(20);
        var known = test.Read<Known>(nameof(CircularPipeline.Known));
        Assert.Equal(2 * Rooms, known.Count);
        Assert.All(known.Where(static known => known.Number == 20), static known => Assert.StartsWith(
            "20 20's friend True; 0 0's friend True, 10 10's friend True, 10 10's friend True; "
                + "0=0 0's friend True, 10=10 10's friend True, ",
            known.Text,
            StringComparison.Ordinal));

        void Send(int number) => test.Send(
            nameof(CircularPipeline.Invitations),
            [.. Enumerable.Range(0, Rooms).Select(room => InvitationOf(room, number, number))]);
    }

    private static Invitation InvitationOf(int room, int number, int second) =>
        new($"room {room}", number, DateTimeOffset.UnixEpoch.AddSeconds(second));

    private readonly struct PersonRowCodec : IRowCodec<Person>
    {
        public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Person row)
            where TBuffer : class, IBufferWriter<byte> => PackableCodec<Person>.Write(ref writer, in row!);

        public static Person Read(ref MemoryPackReader reader) => PackableCodec<Person>.Read(ref reader)!;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Divide(ReadOnlyMemory<byte> bytes, int size)
        {
            var first = new Piece { Memory = bytes[..Math.Min(size, bytes.Length)] };
            var last = first;
            for (var from = first.Memory.Length; from < bytes.Length; from += last.Memory.Length)
            {
                var next = new Piece { Memory = bytes.Slice(from, Math.Min(size, bytes.Length - from)), RunningIndex = from };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
