using System.ComponentModel;

namespace Penstock.Sinks.Files;

/// <summary>
/// The store of a file sink's parts: a folder, or a prefix in an object store. A part is identified by the name under which it becomes
/// visible; until the commit only the sink can see it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPartStore : IDisposable
{
    /// <summary>The full path from which the names of the parts are derived.</summary>
    string Place { get; }

    /// <summary>The name of the mark that records which job writes here, for messages.</summary>
    string MarkName { get; }

    /// <summary>Starts a part that is not visible yet.</summary>
    /// <param name="name">The name of the part after the commit.</param>
    /// <returns>The part.</returns>
    IPart Create(string name);

    /// <summary>Makes closed parts durable under their names.</summary>
    /// <returns>A task that completes when they are durable.</returns>
    Task SealAsync();

    /// <summary>Makes parts visible. Parts that are visible already are left unchanged.</summary>
    /// <param name="checkpoint">The checkpoint that contains the parts.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="stop">Cancels the commit.</param>
    /// <returns>A task that completes when the parts are visible and durable.</returns>
    /// <exception cref="PipelineException">A part is missing, or another job has taken over the place.</exception>
    ValueTask CommitAsync(long checkpoint, IReadOnlyList<PreparedPart> parts, CancellationToken stop);

    /// <summary>
    /// Called on another thread when the pipeline restarts or its time to stop is over: calls that wait for the store must return.
    /// </summary>
    void Interrupt()
    {
        // A folder answers immediately, or fails.
    }

    /// <summary>Lists the names of all visible files at the place, including files not written by Penstock.</summary>
    /// <returns>The names.</returns>
    IReadOnlyList<string> ListVisible();

    /// <summary>Lists the names that uncommitted parts have after their commit, including parts of other jobs.</summary>
    /// <returns>The names.</returns>
    IReadOnlyList<string> ListHidden();

    /// <summary>Deletes parts.</summary>
    /// <param name="visible">The names of visible parts.</param>
    /// <param name="hidden">The names that uncommitted parts have after their commit.</param>
    void Delete(IReadOnlyList<string> visible, IReadOnlyList<string> hidden);

    /// <summary>Indicates whether <see cref="TryHold"/> excludes other processes. If not, the mark has to.</summary>
    bool KeepsOthersOut { get; }

    /// <summary>Excludes other processes, if the store supports it, until <see cref="LetGo"/> or the end of the process.</summary>
    /// <returns><c>false</c> if another process holds the place.</returns>
    bool TryHold();

    /// <summary>Ends the exclusion started by <see cref="TryHold"/>.</summary>
    /// <param name="leavesNothing"><c>true</c> to remove everything that the exclusion used, such as a lock file.</param>
    void LetGo(bool leavesNothing);

    /// <summary>Reads the mark.</summary>
    /// <returns>The content written by <see cref="WriteMark"/>, or null if there is none.</returns>
    byte[]? ReadMark();

    /// <summary>Replaces the mark that was read. From then on the place belongs to this process.</summary>
    /// <param name="mark">The mark, one line of text.</param>
    /// <exception cref="PipelineException">Another job has taken over the place in the meantime.</exception>
    void WriteMark(byte[] mark);

    /// <summary>Continues with an existing mark of the same job.</summary>
    /// <param name="mark">The mark that was read.</param>
    /// <exception cref="PipelineException">Another job has taken over the place in the meantime.</exception>
    void KeepMark(byte[] mark);

    /// <summary>Deletes the mark.</summary>
    void DeleteMark();
}

/// <summary>A part that is being written.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPart : IDisposable
{
    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Completes and disposes the part. It is durable, though invisible, when the task completes.</summary>
    /// <returns>Data that the store needs to make the part visible, besides name and length.</returns>
    Task<byte[]> CloseAsync();
}

/// <summary>A durable part that waits for its checkpoint.</summary>
/// <param name="Name">The name of the part after the commit.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Ticket">The data returned by <see cref="IPart.CloseAsync"/>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PreparedPart(string Name, long Length, ReadOnlyMemory<byte> Ticket);
