using System.Buffers;
using MemoryPack;
using Penstock.Generator.Schemas;

namespace Penstock.State;

/// <summary>
/// Converts saved values of one schema into the bytes of another one, for generated code to read. Slower than reading unchanged state;
/// linear in the size of a value times the depth of its type.
/// </summary>
/// <param name="fields">The conversion of the fields of a state.</param>
/// <param name="upgrade">Calls a <c>[StateUpgrade]</c> method.</param>
internal sealed class StateConverter(Conversion fields, UpgradeAction upgrade) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _converted = new();
    private readonly Stack<ArrayBufferWriter<byte>> _spare = new();
    private readonly MemoryPackReaderOptionalState _reading = MemoryPackReaderOptionalStatePool.Rent(null);
    private readonly MemoryPackWriterOptionalState _writing = MemoryPackWriterOptionalStatePool.Rent(null);

    /// <summary>Reads one state and converts it.</summary>
    /// <returns>A reader of the converted state, valid until the next call.</returns>
    public MemoryPackReader Convert(ref MemoryPackReader saved)
    {
        _converted.ResetWrittenCount();
        Convert(fields, ref saved, _converted);
        return Reader(_converted);
    }

    public void Dispose()
    {
        ((IDisposable)_reading).Dispose();
        ((IDisposable)_writing).Dispose();
    }

    private void Convert(Conversion conversion, ref MemoryPackReader reader, ArrayBufferWriter<byte> writer)
    {
        switch (conversion)
        {
            case Conversion.Keep keep:
                SavedBytes.Copy(keep.Type, ref reader, writer);
                break;
            case Conversion.Widen widen:
                Numbers.Widen(widen.From.Name, widen.To.Name, ref reader, writer);
                break;
            case Conversion.Wrap wrap:
                SavedBytes.WriteFlag(true, writer);
                Convert(wrap.Value, ref reader, writer);
                break;
            case Conversion.Nullable nullable:
                if (SavedBytes.CopyFlag(ref reader, writer) || nullable.IsFixed)
                {
                    Convert(nullable.Value, ref reader, writer);
                }

                break;
            case Conversion.Elements elements:
                var count = SavedBytes.CopyNumber(ref reader, writer);
                for (var index = 0; index < count; index++)
                {
                    ConvertAll(elements.Parts, ref reader, writer);
                }

                break;
            case Conversion.Tuple tuple:
                ConvertAll(tuple.Items, ref reader, writer);
                break;
            case Conversion.Record record:
                ConvertRecord(record, ref reader, writer);
                break;
            default:
                throw new InvalidOperationException($"Unknown conversion of saved state: {conversion.GetType().Name}.");
        }
    }

    private void ConvertAll(IReadOnlyList<Conversion> parts, ref MemoryPackReader reader, ArrayBufferWriter<byte> writer)
    {
        foreach (var part in parts)
        {
            Convert(part, ref reader, writer);
        }
    }

    // The fields are located first, since they may have to be written in another order, twice or not at all.
    private void ConvertRecord(Conversion.Record record, ref MemoryPackReader reader, ArrayBufferWriter<byte> writer)
    {
        var saved = new ArrayBufferWriter<byte>[record.From.Fields.Count];
        for (var index = 0; index < saved.Length; index++)
        {
            saved[index] = Take();
            SavedBytes.Copy(record.From.Fields[index].Type, ref reader, saved[index]);
        }

        foreach (var field in record.Fields)
        {
            if (field.Sources.Count == 0)
            {
                SavedBytes.WriteDefault(field.To, writer);
            }
            else if (field.Upgrade < 0)
            {
                ConvertFrom(field.Sources[0].Conversion, saved[field.Sources[0].Field], writer);
            }
            else
            {
                Upgrade(field, saved, writer);
            }
        }

        foreach (var bytes in saved)
        {
            Give(bytes);
        }
    }

    private void Upgrade(FieldConversion field, ArrayBufferWriter<byte>[] saved, ArrayBufferWriter<byte> writer)
    {
        var arguments = Take();
        foreach (var (source, conversion) in field.Sources)
        {
            ConvertFrom(conversion, saved[source], arguments);
        }

        scoped MemoryPackReader reader = Reader(arguments);
        var target = writer;
        var result = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref target, _writing);
        upgrade(field.Upgrade, ref reader, ref result);
        result.Flush();
        reader.Dispose();
        Give(arguments);
    }

    private void ConvertFrom(Conversion conversion, ArrayBufferWriter<byte> bytes, ArrayBufferWriter<byte> writer)
    {
        var reader = Reader(bytes);
        Convert(conversion, ref reader, writer);
        reader.Dispose();
    }

    private MemoryPackReader Reader(ArrayBufferWriter<byte> bytes) => new(bytes.WrittenSpan, _reading);

    private ArrayBufferWriter<byte> Take() => _spare.TryPop(out var bytes) ? bytes : new ArrayBufferWriter<byte>();

    private void Give(ArrayBufferWriter<byte> bytes)
    {
        bytes.ResetWrittenCount();
        _spare.Push(bytes);
    }
}

/// <summary>Reads the arguments of a <c>[StateUpgrade]</c> method, calls it, and writes its result.</summary>
internal delegate void UpgradeAction(int upgrade, ref MemoryPackReader reader, ref MemoryPackWriter<ArrayBufferWriter<byte>> writer);
