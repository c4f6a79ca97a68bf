using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Reflection;
using MemoryPack;
using Penstock.Connectors;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Streams;

/// <summary>State and rows whose accessors and constructors compute: every field of a restored object has the saved value.</summary>
public sealed class ComputingMemberTests
{
    public static TheoryData<string> Names => [.. Samples().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Restored_state_has_the_fields_of_the_saved_one(string name)
    {
        var state = new KeepComputing.OperatorContract.State { Kept = Samples()[name] };
        var expected = FieldsOf(Samples()[name]);
        using var options = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(Serialize(in state), options);
        KeepComputing.OperatorContract.StateCodec.Read(ref reader, out var restored);
        Assert.Equal(expected, FieldsOf(restored.Kept));
        Assert.Equal(expected, FieldsOf(state.Kept));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_copy_of_a_state_has_its_fields(string name)
    {
        var state = new KeepComputing.OperatorContract.State { Kept = Samples()[name] };
        var copy = KeepComputing.OperatorContract.StateCodec.Detach(in state);
        Assert.NotSame(state.Kept, copy.Kept);
        Assert.Equal(FieldsOf(Samples()[name]), FieldsOf(copy.Kept));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_comes_to_another_node_with_its_fields(string name)
    {
        var codec = RowPipeline.Plan.Task(nameof(RowPipeline.AllComputings)).Inputs[0].Codec!;
        var batch = new BatchPool<Computing>(1).Rent();
        batch.Add(Samples()[name]);
        var buffer = new ByteBuffer();
        codec.Write(batch, buffer);
        var received = (Batch<Computing>)codec.CreateReader(1, maxFree: 1).Read(buffer.Written);
        Assert.Equal(FieldsOf(Samples()[name]), FieldsOf(received.Rows[0]));
    }

    private static Dictionary<string, Computing> Samples() => new()
    {
        ["never set"] = new Computing { Rate = 1 },
        ["set"] = new Computing
        {
            Rate = 5,
            Twice = 3,
            Shown = 4,
            Lazy = [],
            Trimmed = " a ",
            AtLeastOne = -5,
            Refusing = 8,
            Resetting = 6,
            Alpha = 7,
            Zulu = 9,
            Plain = 11,
            Taxed = new Taxed(10, "why"),
            Length = new Metres(3),
            Width = new Metres(2, 2),
            Names = [new Exclaimed("x", 3), null],
            Bills = new() { ["a"] = new Taxed(1, "b") { Price = 3 } },
            Derived = new Derived(1, 2) { X = 40 },
            Loud = new Loud { Volume = 3 },
            Hiding = HidingOf(17),
            Chained = new Chained(1, "one"),
        },
        ["defaults"] = new Computing
        {
            Rate = 0,
            Length = default,
            Width = default(Metres),
            Chained = new Chained(2),
            Derived = new Derived(0, 1)
        },
    };

    private static Hiding HidingOf(int depth)
    {
        var hiding = new Hiding("deep");
        ((Shadowed)hiding).Depth = depth;
        return hiding;
    }

    private static byte[] Serialize(in KeepComputing.OperatorContract.State state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var options = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, options);
        KeepComputing.OperatorContract.StateCodec.Write(ref writer, in state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // Returns the contents of all fields of an object, without its accessors.
    private static string FieldsOf(object? value) => value switch
    {
        null => "null",
        string or int or double or decimal => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(FieldsOf))}]",
        _ => $"{{{string.Join(", ", FieldsOf(value.GetType()).Select(field => $"{field.Name}: {FieldsOf(field.GetValue(value))}"))}}}",
    };

    private static IEnumerable<FieldInfo> FieldsOf(Type? type) => type == null
        ? []
        : FieldsOf(type.BaseType).Concat(type
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .OrderBy(static field => field.Name, StringComparer.Ordinal));
}
