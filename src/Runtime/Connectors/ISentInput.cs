using Penstock.Formats;

namespace Penstock.Connectors;

/// <summary>What takes the place of the input of a source, in a test: it is read by the generated reader of the source.</summary>
internal interface ISentInput
{
    /// <summary>Where the files are.</summary>
    IFileSystem Files { get; }

    /// <summary>The files.</summary>
    string Path { get; }

    /// <summary>Whether the source must be one of messages.</summary>
    bool IsMessages { get; }

    /// <summary>Creates the source of the messages; null where the source must be one of files.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="sourceId">The id of the source, for messages.</param>
    /// <param name="time">The clock.</param>
    ISource<T>? OpenMessages<T, TReader>(string sourceId, TimeProvider time)
        where TReader : struct, IMessageReader<T>;
}

/// <summary>A source of messages that were sent.</summary>
internal interface ISentMessages;
