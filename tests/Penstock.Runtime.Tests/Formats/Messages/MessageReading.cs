using System.Text;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats.Messages;

/// <summary>Reads one message, as a connector does.</summary>
internal static class MessageReading
{
    public static T? ReadCsv<T, TReader>(string text, out string error)
        where TReader : struct, ICsvRowReader<T>
    {
        var message = Begin(text, TReader.Columns);
        var isRead = message.TryReadCsv<T, TReader>(out var row);
        error = isRead ? "" : message.Error;
        return isRead ? row : default;
    }

    public static T? ReadJson<T, TReader>(string text, out string error)
        where TReader : struct, IJsonRowReader<T>
    {
        var message = Begin(text, TReader.Columns);
        var isRead = message.TryReadJson<T, TReader>(out var row);
        error = isRead ? "" : message.Error;
        return isRead ? row : default;
    }

    private static MessageFields Begin(string text, TextColumn[] columns)
    {
        var value = Encoding.UTF8.GetBytes(text);
        var data = new byte[value.Length + MessageFields.Slack];
        value.CopyTo(data, 0);
        data[value.Length] = (byte)'\n';
        var message = new MessageFields(columns, []);
        message.Begin(data, 0, value.Length);
        return message;
    }
}
