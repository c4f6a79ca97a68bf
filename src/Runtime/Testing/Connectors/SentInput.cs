using System.Globalization;
using System.Text;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Testing;

/// <summary>
/// The input that a test sends to a source through its generated reader: files, messages, or a text that is one of these, depending on the
/// source.
/// </summary>
/// <param name="Files">The file system with the files.</param>
/// <param name="Path">The path of the files.</param>
/// <param name="Messages">The messages; null if the source must read files.</param>
/// <param name="IsMessages"><c>true</c> if the source must read messages.</param>
internal sealed record SentInput(IFileSystem Files, string Path, IReadOnlyList<TestMessage>? Messages, bool IsMessages) : ISentInput
{
    public ISource<T>? OpenMessages<T, TReader>(string sourceId, TimeProvider time)
        where TReader : struct, IMessageReader<T> =>
            Messages is { } messages ? new SentMessages<T, TReader>(sourceId, messages, time) : null;

    /// <summary>Returns the input of a text: the content of a file, or one message.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The number of the text in its test, from 1.</param>
    public static SentInput OfText(string text, int number)
    {
        var files = new MemoryFileSystem();
        var name = string.Create(CultureInfo.InvariantCulture, $"text-{number}");
        using (var file = files.Create(name))
        {
            file.Append(Encoding.UTF8.GetBytes(text));
        }

        return new SentInput(files, name, [new TestMessage(text)], IsMessages: false);
    }
}
