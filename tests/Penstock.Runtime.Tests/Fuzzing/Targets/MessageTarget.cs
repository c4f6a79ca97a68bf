using System.Buffers.Binary;
using System.Text;
using MemoryPack;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>A row with the codec of MemoryPack.</summary>
[MemoryPackable]
public sealed partial record Packed(string? Text, int[]? Numbers, Dictionary<string, long>? Counts, DateTimeOffset At, decimal? Price);

/// <summary>Messages: their value in every format, and their other parts.</summary>
internal sealed class MessageTarget : IFuzzTarget
{
    private static readonly MetadataColumn[] Beside = [new("key"), new("header:a", isNullable: true)];

    public string Name => "message";

    public void Run(Random random)
    {
        var json = Begin(random, Encoding.UTF8.GetBytes(JsonTarget.Line(random)), Codecs.MaybeJsonReader.Columns);
        Expect(json.TryReadJson<Maybe, Codecs.MaybeJsonReader>(out _), json);
        var csv = Begin(
            random,
            Encoding.UTF8.GetBytes(string.Join(',', RowTexts.Names.Select(name => RowTexts.Value(random, name)))),
            Codecs.MaybeCsvReader.Columns);
        Expect(csv.TryReadCsv<Maybe, Codecs.MaybeCsvReader>(out _), csv);
        var row = new Packed("text", [1, 2, 3], new Dictionary<string, long> { ["a"] = 1 }, DateTimeOffset.UnixEpoch, 1.5m);
        var packed = Mutator.Mutate(random, MemoryPackSerializer.Serialize(row));
        if (!HasEndlessText(packed))
        {
            var message = Begin(random, packed, [], most: 0);
            Expect(message.TryReadMemoryPack<Packed>(out _), message);
        }

        for (var i = 0; i < 2; i++)
        {
            // A row may have any of these there.
            var beside = Begin(random, "{}"u8.ToArray(), []);
            Expect(
                random.Next(9) switch
                {
                    0 => beside.Read<int>(i, out _),
                    1 => beside.ReadNullable<double>(i, out _),
                    2 => beside.Read<DateTimeOffset>(i, out _),
                    3 => beside.Read<DateOnly>(i, "dd.MM.yyyy", out _),
                    4 => beside.ReadText(i, out _),
                    5 => beside.ReadNullableText(i, out _),
                    6 => beside.ReadBytes(i, out _),
                    7 => beside.Read<Color>(i, out _),
                    _ => beside.Read<Guid>(i, out _),
                },
                beside);
        }
    }

    // If a string has one of the four largest lengths, MemoryPack itself reads beyond the message (it adds 4 to them), which ends the
    // process. The guide says that MemoryPack is only for trusted writers.
    private static bool HasEndlessText(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + sizeof(int) <= value.Length; at++)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(value[at..]) is >= int.MinValue and <= int.MinValue + 3)
            {
                return true;
            }
        }

        return false;
    }

    private static MessageFields Begin(Random random, byte[] valid, TextColumn[] columns, int most = 6)
    {
        var value = Mutator.Mutate(random, valid, most);
        var key = Mutator.Mutate(random, random.Pick("17", "2001-01-31", "Red", ""), 2);
        var header = Encoding.UTF8.GetBytes(key);
        var data = new byte[header.Length + value.Length + MessageFields.Slack];
        header.CopyTo(data, 0);
        value.CopyTo(data, header.Length);
        data[header.Length + value.Length] = (byte)'\n';
        var message = new MessageFields(columns, Beside);
        message.Begin(data, header.Length, random.Next(50) == 0 ? -1 : value.Length);
        message.SetBytes(0, 0, header.Length);
        message.SetBytes(1, 0, random.Next(3) == 0 ? -1 : header.Length);
        return message;
    }

    private static void Expect(bool isRead, MessageFields message)
    {
        if (!isRead && message.Error.Length == 0)
        {
            throw new InvalidOperationException("A message was not read, and nobody says why.");
        }
    }
}
