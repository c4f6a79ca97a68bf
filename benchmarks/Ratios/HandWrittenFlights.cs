using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// The flights job as a good programmer would write it by hand for speed: one pass over spans of bytes, one dictionary, late rows copied to
/// a separate file, the results written at the end. There are no checkpoints: a killed process starts over.
/// </summary>
internal static class HandWrittenFlights
{
    private const int BufferSize = 256 * 1024;
    private const int TimeLength = 16;

    public static void Run(string input, string output, string lateOutput, TimeSpan maxDelay)
    {
        var groups = new Dictionary<(int Origin, long Hour), Delays>();
        var newest = long.MinValue / 2;
        var delayMinutes = (long)maxDelay.TotalMinutes;
        using var result = new FileStream(output, FileMode.Create);
        using var late = new FileStream(lateOutput, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);
        using var file = File.OpenHandle(input);
        var buffer = new byte[BufferSize];
        var offset = 0L;
        var filled = 0;
        var header = true;
        while (true)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(filled), offset);
            offset += read;
            filled += read;
            var rest = buffer.AsSpan(0, filled);
            while (true)
            {
                var end = rest.IndexOf((byte)'\n');
                if (end < 0)
                {
                    break;
                }

                var line = rest[..end];
                rest = rest[(end + 1)..];
                if (header)
                {
                    header = false;
                    continue;
                }

                var minute = Minute(line);
                Utf8Parser.TryParse(line[(TimeLength + 1)..], out int delay, out var length);
                var at = TimeLength + 2 + length;
                Utf8Parser.TryParse(line[at..], out int _, out length);
                var origin = line.Slice(at + length + 1, 3);
                var hour = minute - Modulo(minute, 60);
                if (hour + 60 <= newest - delayMinutes)
                {
                    late.Write(line);
                    late.WriteByte((byte)'\n');
                }
                else
                {
                    ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(
                        groups,
                        (origin[0] << 16 | origin[1] << 8 | origin[2], hour),
                        out var exists);
                    group.Flights++;
                    group.Sum += delay;
                    group.Max = exists ? Math.Max(group.Max, delay) : delay;
                }

                newest = Math.Max(newest, minute);
            }

            filled = rest.Length;
            rest.CopyTo(buffer);
            if (read == 0)
            {
                break;
            }
        }

        Write(groups, result);
    }

    // Minutes since 1970, by the civil-day arithmetic of H. Hinnant ("chrono-compatible low-level date algorithms").
    private static long Minute(ReadOnlySpan<byte> text)
    {
        var year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
        var month = (text[5] - '0') * 10 + text[6] - '0';
        var day = (text[8] - '0') * 10 + text[9] - '0';
        var hour = (text[11] - '0') * 10 + text[12] - '0';
        var minute = (text[14] - '0') * 10 + text[15] - '0';
        year -= month <= 2 ? 1 : 0;
        var era = year / 400;
        var yearOfEra = year - era * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        var days = era * 146_097L + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
        return (days * 24 + hour) * 60 + minute;
    }

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;

    private static void Write(Dictionary<(int Origin, long Hour), Delays> groups, Stream output)
    {
        using var writer = new StreamWriter(output, Encoding.ASCII, BufferSize);
        writer.Write("origin,windowStart,flights,delaySum,delayMax\n");
        Span<char> line = stackalloc char[128];
        foreach (var ((origin, hour), group) in groups)
        {
            var start = DateTime.UnixEpoch.AddMinutes(hour);
            line.TryWrite(
                CultureInfo.InvariantCulture,
                $"{(char)(origin >> 16)}{(char)((origin >> 8) & 255)}{(char)(origin & 255)},{start:yyyy-MM-ddTHH:mm:ss}Z,{group.Flights},{group.Sum},{group.Max}\n",
                out var written);
            writer.Write(line[..written]);
        }
    }

    private struct Delays
    {
        public int Flights;
        public int Max;
        public long Sum;
    }
}
