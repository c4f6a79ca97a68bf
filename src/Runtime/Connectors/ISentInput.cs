using Penstock.Formats;

namespace Penstock.Connectors;

/// <summary>Test input that replaces the input of a source. The generated reader of the source reads it.</summary>
internal interface ISentInput
{
    /// <summary>The file system that contains the files.</summary>
    IFileSystem Files { get; }

    /// <summary>The path of the files.</summary>
    string Path { get; }

    /// <summary>Indicates whether the source must be a message source.</summary>
    bool IsMessages { get; }

    /// <summary>Creates the source of the messages, or returns null if the source must be a file source.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="sourceId">The id of the source, for messages.</param>
    /// <param name="time">The clock.</param>
    ISource<T>? OpenMessages<T, TReader>(string sourceId, TimeProvider time)
        where TReader : struct, IMessageReader<T>;
}

/// <summary>A source of messages sent by a test.</summary>
internal interface ISentMessages;
