using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sinks.Files;
using Penstock.Streams;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sinks.Files;

/// <summary>A file sink whose rows are single strings.</summary>
internal static class TextSink
{
    public static ISink<OneText> Of(SimulatedFiles files, string path, long rollSize = 1 << 20, bool json = false, int writer = 0)
    {
        var options = new FileSinkOptions(new FileSinkSettings(path, rollSize), files) { Writer = writer };
        return json ? new FileSink<OneText, Codecs.OneTextJsonWriter>(options) : new FileSink<OneText, Codecs.OneTextCsvWriter>(options);
    }

    public static void Write(ISinkWriter<OneText> writer, long checkpoint, params string?[] texts)
    {
        var batch = new BatchPool<OneText>(Math.Max(1, texts.Length)).Rent();
        foreach (var text in texts)
        {
            batch.Add(new OneText(text), 0);
        }

        writer.Write(batch, checkpoint);
    }
}
