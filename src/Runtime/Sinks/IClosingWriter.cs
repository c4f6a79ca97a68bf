namespace Penstock.Sinks;

/// <summary>A writer that closes its output in the background, also between checkpoints.</summary>
internal interface IClosingWriter
{
    /// <summary>Completes, possibly with an error, when no output is being closed.</summary>
    Task Closing { get; }
}
