using Penstock.Files;

namespace Penstock.Testing;

/// <summary>What a test sends to a source through its generated reader: files, messages, or a text that is either by the source.</summary>
/// <param name="Files">Where the files are.</param>
/// <param name="Path">The files.</param>
/// <param name="Messages">The messages; null where the source must be one of files.</param>
/// <param name="IsMessages">Whether the source must be one of messages.</param>
internal sealed record SentInput(IFileSystem Files, string Path, IReadOnlyList<TestMessage>? Messages, bool IsMessages);
