namespace Penstock.Sinks;

/// <summary>A writer that closes in the background what it has written, also between checkpoints.</summary>
internal interface IClosingWriter
{
    /// <summary>Completes, perhaps with an error, when nothing is being closed.</summary>
    Task Closing { get; }
}
